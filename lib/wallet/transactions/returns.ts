import { encodeFunctionData, type Hex } from "viem";
import type { Effect } from "@/lib/wallet/transactions/effect";
import {
  askRecent,
  readBalance,
  readWalletEntity,
  readEntityBid,
  type EntityBid,
} from "@/lib/wallet/transactions/read-chain";
import { requireBid, requireWallet, sendCall } from "@/lib/wallet/transactions/send";
import { addNothingSent, toPurchaseError, PurchaseAborted } from "@/lib/wallet/transactions/send-errors";
import type { Call, TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import {
  afterMinedRevert,
  answersFalse,
  isBlockedByIssuer,
  isPausedByIssuer,
  isTokenRefusal,
} from "@/lib/wallet/transactions/token-refusal";
import {
  requireConfirmed,
  type ConfirmedTransaction,
  type SendOptions,
} from "@/lib/wallet/transactions/require-confirmed";
import { NOTHING_SENT, type ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import {
  BID_UNREAD,
  COMMITMENT_CHANGED,
  WALLET_BUSY,
  WALLET_OF_OTHER_ENTITY,
  type PurchaseError,
} from "@/lib/purchase/errors/purchase-error";
import { tokenSymbol } from "@/lib/foreign-name";
import type { StateBefore } from "@/lib/purchase/progress";
import { refundableRows, type Reduction, type ReturnedAmount } from "@/lib/purchase/reduction";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { sameHex, shortenAddress } from "@/lib/sale/hex";
import { REPORT } from "@/lib/sale/problem";

/**
 * The reduction, cancellation or refund claim that the user confirmed, and its entity (its `SaleSpecificEntityID`). `returns` is what the user
 * saw. It is not sent with the call: the contract pays all that is due.
 */
export type ReturnOrder =
  | { kind: "cancel" | "refund"; entityId: Hex; returns?: readonly ReturnedAmount[] }
  | { kind: "reduce"; entityId: Hex; reduction: Reduction };

/**
 * No call names an entity: the contract uses the sender's. If the user switched wallets after reading what will be cancelled, the call
 * would irrevocably cancel another entity's commitment (sonar.md 4.8).
 */
async function requireWalletOf(context: TransactionContext, entityId: Hex): Promise<void> {
  const own = await askRecent(context, (block) => readWalletEntity(context, context.account, block));
  if (own === undefined) throw new PurchaseAborted(BID_UNREAD);
  if (!sameHex(own, entityId)) throw new PurchaseAborted(WALLET_OF_OTHER_ENTITY);
}

/** True if the contract would pay back what the user saw, to the same wallets. */
function isAsShown(shown: readonly ReturnedAmount[], state: EntityBid): boolean {
  const rows = refundableRows(state);
  const has = ({ wallet, token, amount }: ReturnedAmount) =>
    rows.some((row) => sameHex(row.wallet, wallet) && sameHex(row.token, token) && row.amount === amount);
  return rows.length === shown.length && shown.every(has);
}

/**
 * A reduction on top of another one would leave another total than the user confirmed, or nothing at all, which is final; a cancellation or a
 * refund would pay another amount. The other one may be another wallet's, or wait for its block: a wallet can send what a page asked for that
 * is gone.
 */
async function requireUnchanged(context: TransactionContext, order: ReturnOrder): Promise<void> {
  const isReduction = order.kind === "reduce";
  if (!isReduction && !order.returns) return;
  const waiting = isReduction && hasPending(context);
  const [state, waits] = await Promise.all([requireBid(context, order.entityId), waiting]);
  if (waits) throw new PurchaseAborted(WALLET_BUSY);
  const isSame = isReduction
    ? state.bid.amount === order.reduction.from
    : order.returns === undefined || isAsShown(order.returns, state);
  // The contract says itself that a commitment has ended.
  if (!state.refunded && !isSame) throw new PurchaseAborted(COMMITMENT_CHANGED);
}

/** True if the node knows a transaction of the account that is in no block yet. */
async function hasPending({ publicClient, account: address }: TransactionContext): Promise<boolean> {
  const count = (blockTag: "latest" | "pending") => publicClient.getTransactionCount({ address, blockTag });
  const [mined, known] = await Promise.all([count("latest"), count("pending")]);
  return known > mined;
}

function callOf({ contract }: TransactionContext, order: ReturnOrder): Call {
  if (order.kind !== "reduce") {
    const functionName = order.kind === "cancel" ? "cancelBid" : "claimRefund";
    return { to: contract, data: encodeFunctionData({ abi: saleAbi, functionName }) };
  }
  const args = [order.reduction.rows] as const;
  return { to: contract, data: encodeFunctionData({ abi: saleAbi, functionName: "reduceCommitment", args }) };
}

function effectOfReturn({ account: wallet }: TransactionContext, order: ReturnOrder): Effect {
  const { kind, entityId } = order;
  if (kind !== "reduce") return { of: kind, wallet, entityId };
  return { of: "reduction", wallet, entityId, amount: order.reduction.amount, total: order.reduction.total };
}

async function send(
  context: TransactionContext,
  order: ReturnOrder,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  options.report({ type: "began", id: "check" });
  await requireWallet(context);
  await requireWalletOf(context, order.entityId);
  await requireUnchanged(context, order);
  const call = callOf(context, order);
  options.report({ type: "began", id: "send" });
  const effect = effectOfReturn(context, order);
  // The only call that does more each time it is sent. So it is remembered before the wallet is asked: its answer may never come.
  const onAsk = (before: StateBefore) => options.report({ type: "asked", id: "send", before });
  const sent = await sendCall(context, { ...call, effect, ...(order.kind === "reduce" && { onAsk }) });
  return requireConfirmed(context, { id: "send", ...sent }, options);
}

/** The amounts that the contract would pay for an order, each to the wallet that it came from. */
async function payoutsOf(context: TransactionContext, order: ReturnOrder): Promise<ReturnedAmount[]> {
  if (order.kind === "reduce") return [...order.reduction.rows];
  // The contract pays nothing where nothing is due, whatever the token would say.
  return refundableRows(await readEntityBid(context, order.entityId));
}

/** True if the token would pay this out, or if the node cannot be asked. Old tokens fail in ways that no rule knows: mainnet USDT asserts. */
async function isPayable({ publicClient, contract }: TransactionContext, payout: ReturnedAmount): Promise<boolean> {
  const args = [payout.wallet, payout.amount] as const;
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "transfer", args });
  return publicClient.call({ account: contract, to: payout.token, data, blockTag: "latest" }).then(
    (answer) => !answersFalse(answer),
    (error: unknown) => toPurchaseError(error).kind === "network",
  );
}

/** The first payout that its token refuses, and whether there are others. */
async function refusedPayout(context: TransactionContext, payouts: readonly ReturnedAmount[]) {
  const payable = await Promise.all(payouts.map((payout) => isPayable(context, payout)));
  const refused = payouts.find((_payout, index) => payable[index] === false);
  return refused && { refused, others: payable.includes(true) };
}

/** The advice for a wallet that cannot be paid: the contract pays all wallets of an order or none. */
async function withoutBlocked(
  { publicClient, contract }: TransactionContext,
  { kind }: ReturnOrder,
  others: boolean,
): Promise<ErrorAdvice> {
  const report: ErrorAdvice = { sentence: REPORT, action: "report" };
  if (!others) return report;
  if (kind === "reduce") return { sentence: "Take back only what other wallets paid.", action: "change" };
  if (kind !== "cancel") return report;
  const sale = { address: contract, abi: saleAbi } as const;
  const canReduce = await publicClient.readContract({ ...sale, functionName: "reduceCommitmentEnabled" });
  const sentence = "You can still take back what other wallets paid: reduce the commitment instead.";
  return canReduce ? { sentence, action: "none" } : report;
}

/** The reason why a token refuses a payout, as far as it can be found. */
async function payoutError(
  context: TransactionContext,
  order: ReturnOrder,
  { refused, others }: { refused: ReturnedAmount; others: boolean },
): Promise<PurchaseError> {
  const { publicClient, contract } = context;
  const { wallet, token, amount } = refused;
  const symbol = await publicClient
    .readContract({ address: token, abi: tokenAbi, functionName: "symbol" })
    .then((name) => tokenSymbol(name, token))
    .catch(() => shortenAddress(token));
  const [paused, sale, blocked, held] = await Promise.all([
    isPausedByIssuer(publicClient, token),
    isBlockedByIssuer(publicClient, token, contract),
    isBlockedByIssuer(publicClient, token, wallet),
    readBalance(publicClient, token, contract),
  ]);
  const words = (what: string, way: string) => `${what} ${NOTHING_SENT} ${way}`;
  if (paused) {
    const what = `The issuer of ${symbol} has paused all transfers, so ${symbol} cannot be returned now.`;
    return { kind: "token-paused", sentence: words(what, "Try again later."), action: "none" };
  }
  if (sale) {
    const what = `The issuer of ${symbol} has blocked the sale's contract, so ${symbol} cannot be returned now.`;
    return { kind: "token-blocks-sale", sentence: words(what, REPORT), action: "report" };
  }
  if (blocked) {
    const what = `The issuer of ${symbol} has blocked the wallet ${shortenAddress(wallet)}, so ${symbol} cannot be returned to it.`;
    const { sentence, action } = await withoutBlocked(context, order, others);
    return { kind: "token-blocks-wallet", sentence: words(what, sentence), action };
  }
  const what =
    held < amount
      ? `The sale's contract does not hold enough ${symbol} to pay this back.`
      : `${symbol} refuses to be returned to the wallet ${shortenAddress(wallet)}, without giving a reason.`;
  return { kind: "token-refuses", sentence: words(what, REPORT), action: "report" };
}

/** A token's refusal is about a wallet that should be paid, or about the contract, and never about the sender of the order. */
function mayBePayout(error: PurchaseError): boolean {
  return isTokenRefusal(error) || error.kind === "ERC20InsufficientBalance";
}

/** Finds the payout that makes the contract refuse an order, and says why. */
async function explainRefusedReturn(
  context: TransactionContext,
  order: ReturnOrder,
  error: PurchaseError,
): Promise<PurchaseError> {
  if (!mayBePayout(error)) return error;
  try {
    const refused = await refusedPayout(context, await payoutsOf(context, order));
    return refused ? afterMinedRevert(error, await payoutError(context, order, refused)) : error;
  } catch {
    return error;
  }
}

/**
 * Gets money back: takes a part of the entity's commitment back, cancels all of it, or claims the part that was not accepted. The contract
 * pays the wallets that paid. Throws only `PurchaseAborted`, with the reason.
 */
export function getBack(
  context: TransactionContext,
  order: ReturnOrder,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  return send(context, order, options).catch(async (error: unknown) => {
    const nativeSymbol = context.chain.nativeCurrency.symbol;
    const reason = toPurchaseError(error, { nativeSymbol, ...options.units });
    throw new PurchaseAborted(addNothingSent(await explainRefusedReturn(context, order, reason), error));
  });
}
