import { encodeFunctionData, type Address, type Hex, type PublicClient } from "viem";
import { balanceTooLow, CONTRACT_ERRORS } from "@/lib/purchase/errors/contract-errors";
import { MINED_REVERT, NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import { COMMITMENT_CHANGED, type PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { tokenAbi } from "@/lib/sale/abi";
import { REPORT } from "@/lib/sale/problem";
import type { PaymentToken } from "@/lib/sale/state";
import { hasChanged, type CommitOrder } from "@/lib/wallet/transactions/order";
import { simulate } from "@/lib/wallet/transactions/prepare";
import { askRecent, readAllowance, readBalance } from "@/lib/wallet/transactions/read-chain";
import { PurchaseAborted, toPurchaseError } from "@/lib/wallet/transactions/send-errors";
import type { TransactionContext } from "@/lib/wallet/transactions/transaction-context";

type Kind = PurchaseError["kind"];

const PAUSED_KINDS: ReadonlySet<Kind> = new Set(["token-paused", "EnforcedPause", "ContractPaused"]);

const BLOCKED_KINDS: ReadonlySet<Kind> = new Set([
  "token-blocks-wallet",
  "ERC20Blocked",
  "ERC20UserRestricted",
  "AddressFrozen",
]);

/** A token's refusals that say nothing of the reason. The sale passes on the last two, which may also be its own. */
const SILENT_KINDS: ReadonlySet<Kind> = new Set([
  "FailedInnerCall",
  "FailedCall",
  "SafeERC20FailedOperation",
  "revert-without-reason",
  "unknown-revert",
]);

/** True if an error may be a token's refusal, so that the token is worth asking for the reason. */
export function isTokenRefusal({ kind }: PurchaseError): boolean {
  return PAUSED_KINDS.has(kind) || BLOCKED_KINDS.has(kind) || SILENT_KINDS.has(kind);
}

/** Most tokens have neither function. One that cannot be asked is taken for one that blocks nobody: the simulation decides. */
async function says(read: Promise<boolean>): Promise<boolean> {
  return read.catch(() => false);
}

/** True if the token's issuer has blocked this account. */
export async function isBlockedByIssuer(client: PublicClient, token: Address, account: Address): Promise<boolean> {
  const names = ["isBlackListed", "isBlacklisted"] as const;
  const answers = await Promise.all(
    names.map((functionName) =>
      says(client.readContract({ address: token, abi: tokenAbi, functionName, args: [account] })),
    ),
  );
  return answers.includes(true);
}

/** True if the token's issuer has paused all transfers. */
export function isPausedByIssuer(client: PublicClient, token: Address): Promise<boolean> {
  return says(client.readContract({ address: token, abi: tokenAbi, functionName: "paused" }));
}

type Block = "token-paused" | "token-blocks-wallet" | "token-blocks-sale";

/** The issuer's block that keeps this wallet from paying the sale with a token; undefined if the token tells of none. */
async function issuerBlock(context: TransactionContext, token: Address): Promise<Block | undefined> {
  const { publicClient, account, contract } = context;
  const [paused, wallet, sale] = await Promise.all([
    isPausedByIssuer(publicClient, token),
    isBlockedByIssuer(publicClient, token, account),
    isBlockedByIssuer(publicClient, token, contract),
  ]);
  if (wallet) return "token-blocks-wallet";
  if (sale) return "token-blocks-sale";
  return paused ? "token-paused" : undefined;
}

type PaymentRefusal = Block | "token-refuses";

const CANNOT_PAY: Record<PaymentRefusal, (symbol: string) => string> = {
  "token-blocks-wallet": (symbol) =>
    `The issuer of ${symbol} has blocked this wallet, so it cannot pay with ${symbol}.`,
  "token-blocks-sale": (symbol) =>
    `The issuer of ${symbol} has blocked the sale's contract, which could not return ${symbol} to you.`,
  "token-paused": (symbol) => `The issuer of ${symbol} has paused all transfers, so nobody can pay with ${symbol} now.`,
  "token-refuses": (symbol) => `${symbol} refuses a payment from this wallet to the sale, without giving a reason.`,
};

const OTHERWISE: Record<PaymentRefusal, string> = {
  "token-blocks-wallet": "Use another wallet.",
  "token-blocks-sale": REPORT,
  "token-paused": "Try again later.",
  "token-refuses": "Use another wallet, or ask the operator of this site.",
};

/** The tokens that this wallet can pay with instead, as far as their issuers say. */
async function otherWays(context: TransactionContext, { otherTokens = [] }: CommitOrder): Promise<PaymentToken[]> {
  const blocks = await Promise.all(otherTokens.map(({ address }) => issuerBlock(context, address)));
  return otherTokens.filter((_token, index) => blocks[index] === undefined);
}

async function cannotPay(
  context: TransactionContext,
  order: CommitOrder,
  kind: PaymentRefusal,
): Promise<PurchaseError> {
  const others = (await otherWays(context, order)).map(({ symbol }) => symbol).join(" or ");
  const way = others === "" ? OTHERWISE[kind] : `You can pay with ${others} instead.`;
  const sentence = `${CANNOT_PAY[kind](order.token.symbol)} ${NOTHING_SENT} ${way}`;
  const action = kind === "token-blocks-sale" && others === "" ? "report" : others === "" ? "none" : "change";
  return { kind, sentence, action };
}

function kindOf(error: PurchaseError): PaymentRefusal | undefined {
  if (PAUSED_KINDS.has(error.kind)) return "token-paused";
  if (BLOCKED_KINDS.has(error.kind)) return "token-blocks-wallet";
  return SILENT_KINDS.has(error.kind) ? "token-refuses" : undefined;
}

/** Some tokens answer false instead of reverting. */
export function answersFalse({ data }: { data?: Hex }): boolean {
  return data !== undefined && /^0x0+$/.test(data);
}

/**
 * The refusal of a plain transfer of the amount to the sale. It needs no allowance, so a token that refuses it for whatever reason of its own
 * would refuse the payment too, after an approval has been paid for.
 */
async function simulateTransfer(
  context: TransactionContext,
  { token, increment }: CommitOrder,
): Promise<PaymentRefusal | undefined> {
  const args = [context.contract, increment] as const;
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "transfer", args });
  try {
    const answer = await simulate(context, { to: token.address, data });
    return answersFalse(answer) ? "token-refuses" : undefined;
  } catch (error) {
    return kindOf(toPurchaseError(error));
  }
}

/**
 * Throws if the token would not let this wallet pay the sale, whatever is approved. Checked before anything is signed or sent: mainnet USDT
 * lets a blocked wallet approve, and refuses the payment afterwards. The balance must have been checked.
 */
export async function requirePayable(context: TransactionContext, order: CommitOrder): Promise<void> {
  if (order.increment === 0n) return;
  const kind = (await issuerBlock(context, order.token.address)) ?? (await simulateTransfer(context, order));
  if (kind) throw new PurchaseAborted(await cannotPay(context, order, kind));
}

/** A refusal of a mined transaction has cost its fee, and says so first. */
export function afterMinedRevert({ sentence }: PurchaseError, found: PurchaseError): PurchaseError {
  if (!sentence.startsWith(MINED_REVERT.sentence)) return found;
  return { ...found, sentence: `${MINED_REVERT.sentence} ${found.sentence.replace(`${NOTHING_SENT} `, "")}` };
}

async function readReason(
  context: TransactionContext,
  order: CommitOrder,
  error: PurchaseError,
): Promise<PurchaseError | undefined> {
  const { token, increment } = order;
  const block = (await issuerBlock(context, token.address)) ?? kindOf(error);
  if (block && block !== "token-refuses") return cannotPay(context, order, block);
  const [balance, allowance] = await Promise.all([
    askRecent(context, (at) => readBalance(context.publicClient, token.address, context.account, at)),
    askRecent(context, (at) => readAllowance(context, token.address, context.account, at)),
  ]);
  if (balance === undefined || allowance === undefined) return undefined;
  if (balance < increment) return balanceTooLow(balance, increment, token);
  if (allowance < increment)
    return { kind: "ERC20InsufficientAllowance", ...CONTRACT_ERRORS.ERC20InsufficientAllowance };
  // Then the bid would take more than is allowed, or is another one for any other reason: the token is not to blame.
  if (await hasChanged(context, order)) return COMMITMENT_CHANGED;
  // An error without data may be the sale's own; then there is nothing to blame the token for.
  const ofToken = error.kind !== "unknown-revert" && error.kind !== "revert-without-reason";
  return ofToken ? cannotPay(context, order, "token-refuses") : undefined;
}

/** What the sale may take is exactly what the user confirmed, so it does not suffice where the bid has changed and takes more. */
async function explainMissingAllowance(
  context: TransactionContext,
  order: CommitOrder,
  error: PurchaseError,
): Promise<PurchaseError> {
  const isChanged = await hasChanged(context, order).catch(() => false);
  return isChanged ? afterMinedRevert(error, COMMITMENT_CHANGED) : error;
}

/** Finds the reason of a payment that the token refused: balance, allowance, a block or a pause look alike where it gives none. */
export async function explainRefusedPayment(
  context: TransactionContext,
  order: CommitOrder,
  error: PurchaseError,
): Promise<PurchaseError> {
  if (error.kind === "ERC20InsufficientAllowance") return explainMissingAllowance(context, order, error);
  if (!isTokenRefusal(error)) return error;
  const found = await readReason(context, order, error).catch(() => undefined);
  return found ? afterMinedRevert(error, found) : error;
}
