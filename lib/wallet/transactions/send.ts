import {
  ChainMismatchError,
  numberToHex,
  type Address,
  type Chain,
  type Hash,
  type Hex,
  type PublicClient,
  type WalletClient,
} from "viem";
import { sameHex } from "@/lib/sale/hex";
import { CONTRACT_ERRORS, type ErrorUnits } from "@/lib/purchase/errors/contract-errors";
import { MINED_REVERT, NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import { readChainError } from "@/lib/purchase/errors/chain-error";
import { explainError } from "@/lib/purchase/errors/explain-error";
import type { StateBefore } from "@/lib/purchase/progress";
import {
  BID_UNREAD,
  errorOfFailure,
  SENT_WITHOUT_HASH,
  type PurchaseError,
} from "@/lib/purchase/errors/purchase-error";
import { FailureError } from "@/lib/result";
import type { Effect } from "@/lib/wallet/transactions/effect";
import { readAccounts, readChainId, readHash } from "@/lib/wallet/wallet-answers";
import { readEntityBid, readRecent, type EntityBid } from "@/lib/wallet/transactions/read-chain";
import { awaitEffect, readProspect, type Watched } from "@/lib/wallet/transactions/watch-effect";

/** The clients and addresses for a transaction to the sale. Plain viem, so that this code also runs without wagmi. */
export interface TransactionContext {
  /** For reads and receipts. Never the wallet's own node, which may be behind or on another chain. */
  publicClient: PublicClient;
  walletClient: WalletClient;
  chain: Chain;
  /** The sale's contract. */
  contract: Address;
  account: Address;
  /** The newest block that the page has seen; see `ChainReader`. */
  seen?: bigint;
  /** The tab's memory of wallets that cannot sign; absent: each is asked. */
  signing?: SigningMemory;
}

/** The wallets of this tab that cannot sign for a token, so that their users are asked once. */
export interface SigningMemory {
  cannotSign: (token: Address) => boolean;
  remember: (token: Address) => void;
}

/** A transaction's target and calldata. */
export interface Call {
  to: Address;
  data: `0x${string}`;
}

/** Thrown inside the transaction code for a reason that is already known. Callers outside of it get the reason as a value. */
export class PurchaseAborted extends Error {
  constructor(readonly reason: PurchaseError) {
    super(reason.sentence);
  }
}

/**
 * Thrown once the wallet has accepted a transaction: it may be in a block and have cost its fee, or get into one yet. Nothing is asked for again
 * by itself after that.
 */
export class FailedAfterSending extends PurchaseAborted {}

/** The reason why a transaction ended: the code's own, the server's failure to issue a permit, or an error of chain or wallet. */
export function toPurchaseError(error: unknown, context: ErrorUnits = {}): PurchaseError {
  if (error instanceof PurchaseAborted) return error.reason;
  return error instanceof FailureError ? errorOfFailure(error.failure) : explainError(error, context);
}

/** The wallet's own answer to the transaction: it may have sent it all the same, as accounts that others pay for do. */
class WalletRefusal extends Error {
  constructor(
    cause: unknown,
    /** True if the account may have sent a transaction since it was asked, with whatever outcome. */
    readonly mayBeSent = false,
  ) {
    super("", { cause });
  }
}

/** True if a transaction may have been sent before this error: a second attempt would be one too many. */
export function mayFollowSending(error: unknown): boolean {
  return error instanceof FailedAfterSending || (error instanceof WalletRefusal && error.mayBeSent);
}

/** True if an error is the wallet's answer to a transaction, which may have been sent all the same, and not that of a simulation. */
export function isWalletRefusal(error: unknown): boolean {
  return error instanceof WalletRefusal;
}

const CHECK_WALLET = "Check your wallet to see whether anything was sent.";

/** The words of an error after which nothing proves that the wallet has sent nothing. */
function leftOpen(sentence: string): string {
  if (sentence.includes(NOTHING_SENT)) return sentence.replace(NOTHING_SENT, CHECK_WALLET);
  return /whether anything was sent|was sent/.test(sentence) ? sentence : `${sentence} ${CHECK_WALLET}`;
}

/** Reverts that say nothing of their reason. */
const VAGUE_REVERTS: ReadonlySet<PurchaseError["kind"]> = new Set(["unknown-revert", "revert-without-reason"]);

/**
 * Completes the sentence about an error of a simulation: it must not leave open whether anything was sent. `error` is what was thrown; a vague
 * revert that the wallet reports proves nothing.
 */
export function addNothingSent(reason: PurchaseError, error: unknown): PurchaseError {
  const { kind, sentence } = reason;
  if (error instanceof WalletRefusal && error.mayBeSent) return { ...reason, sentence: leftOpen(sentence) };
  const isComplete = sentence.includes(NOTHING_SENT) || sentence.startsWith(MINED_REVERT.sentence);
  const isSimulated = kind in CONTRACT_ERRORS || (VAGUE_REVERTS.has(kind) && !(error instanceof WalletRefusal));
  return isComplete || !isSimulated ? reason : { ...reason, sentence: `${sentence} ${NOTHING_SENT}` };
}

/**
 * The errors by which tokens report a missing allowance: mainnet's USDT reverts without any data, which OpenZeppelin turns into an error of its
 * own or passes on empty, and others with errors of their own. The sale's errors are all known, and the only one without data, for a bad
 * payload, is found earlier (sonar.md 4.5).
 */
const KINDS: ReadonlySet<PurchaseError["kind"]> = new Set([
  "ERC20InsufficientAllowance",
  "SafeERC20FailedOperation",
  "FailedInnerCall",
  "FailedCall",
  "revert-without-reason",
  "unknown-revert",
]);

/** True if an error may be about an allowance: not given yet, or not yet seen by a node that is behind. */
export function isAllowanceError(error: unknown): boolean {
  return KINDS.has(toPurchaseError(error).kind);
}

/**
 * The gas limit for an estimate. It is higher than the estimate: a bid in the same second as the previous one writes no new time, so the
 * estimate is too low if it is mined in a later second, and some wallets ignore the needs of nested calls (sonar.md 4.7). Unused gas is not
 * paid.
 */
function gasLimit(estimate: bigint): bigint {
  return (estimate * 3n) / 2n + 50_000n;
}

async function requireChain({ walletClient, chain }: TransactionContext): Promise<void> {
  const currentChainId = readChainId(await walletClient.request({ method: "eth_chainId" })) ?? 0;
  if (currentChainId !== chain.id) throw new ChainMismatchError({ chain, currentChainId });
}

/** Throws unless the wallet is on the sale's chain and still shares the account that the page shows. */
export async function requireWallet(context: TransactionContext): Promise<void> {
  const [accounts] = await Promise.all([
    context.walletClient.request({ method: "eth_accounts" }),
    requireChain(context),
  ]);
  if (readAccounts(accounts).some((address) => sameHex(address, context.account))) return;
  throw new PurchaseAborted({
    kind: "wallet-disconnected",
    sentence: `Your wallet no longer shares this account with this site. ${NOTHING_SENT} Connect it again.`,
    action: "none",
  });
}

/** The entity's bid, with all that the page has seen of it: what is asked for is relative to it, and must not be asked for twice. */
export async function requireBid(context: TransactionContext, entityId: Hex): Promise<EntityBid> {
  const found = await readRecent(context, (block) => readEntityBid(context, entityId, block));
  if (!found) throw new PurchaseAborted(BID_UNREAD);
  return found;
}

/** Simulates a call at a block, or the latest one. Throws the contract's error. */
export async function simulate(
  { publicClient, account }: TransactionContext,
  call: Call,
  block?: bigint,
): Promise<void> {
  await publicClient.call({
    account,
    ...call,
    ...(block === undefined ? { blockTag: "latest" } : { blockNumber: block }),
  });
}

/**
 * Simulates a call and returns its gas limit. Throws the contract's error. `block`: absent, the latest one, of whichever node answers.
 */
export async function prepare(context: TransactionContext, call: Call, block?: bigint): Promise<bigint> {
  await simulate(context, call, block);
  const { publicClient, account } = context;
  return gasLimit(
    await publicClient.estimateGas({ account, ...call, ...(block !== undefined && { blockNumber: block }) }),
  );
}

/** A call to send, and the effect by which it is recognised if its hash says nothing. */
interface CallToSend extends Call {
  effect: Effect;
  /** Simulates it, where a node that is behind may refuse it for its payment. */
  prepared?: typeof prepare;
  /** Called when the wallet is about to be asked, with the state that the call changes. Without that state nothing is sent then. */
  onAsk?: (before: StateBefore) => void;
}

/** A call that a wallet has accepted. The states before it are as an `AcceptedRequest` has them. */
export interface SentCall {
  call: Call;
  effect: Effect;
  hash?: Hash;
  before?: StateBefore;
  fallback?: StateBefore;
}

/**
 * Asks the wallet to send a call, once. viem's `sendTransaction` asks again, with `wallet_sendTransaction`, after some of a wallet's or its
 * node's errors, which prove nothing: a reduction could be sent twice, and the second one takes back as much again. The wallet may have
 * switched networks since it was checked.
 */
async function askToSend(
  context: TransactionContext,
  { to, data }: Call,
  { gas, onAsk }: { gas: bigint; onAsk: () => void },
): Promise<unknown> {
  await requireChain(context);
  onAsk();
  const { walletClient, account: from, chain } = context;
  const transaction = { from, to, data, gas: numberToHex(gas), chainId: numberToHex(chain.id) };
  return walletClient
    .request({ method: "eth_sendTransaction", params: [transaction] }, { retryCount: 0 })
    .catch((error: unknown) => {
      throw new WalletRefusal(error);
    });
}

/** Reads of the effect after a wallet has answered with an error. */
const READS_AFTER_ERROR = 3;

/** The number of the account's transactions, with those that are in no block yet; undefined if no node tells it. */
async function countSent({ publicClient, account: address }: TransactionContext): Promise<number | undefined> {
  return publicClient.getTransactionCount({ address, blockTag: "pending" }).catch(() => undefined);
}

/** True for errors of a wallet that has lost its connection, or that broadcast the same transaction twice: it may have sent it. */
function isUncertain(error: WalletRefusal): boolean {
  const { kind } = toPurchaseError(error);
  const { codes, text } = readChainError(error);
  return kind === "nonce-conflict" || (kind === "wallet-disconnected" && (codes.has(4900) || /disconnect/i.test(text)));
}

/**
 * Returns if the chain soon shows what a wallet has answered to with an error, and else throws the error. A transaction that was mined and
 * failed has no effect, so the account's transactions are counted too. The user's own refusal is believed.
 */
async function requireEffect(
  context: TransactionContext,
  error: unknown,
  { watched, sentBefore }: { watched: Watched | undefined; sentBefore: number | undefined },
): Promise<void> {
  if (!(error instanceof WalletRefusal) || toPurchaseError(error).kind === "user-rejected") throw error;
  const limits = { mostReads: READS_AFTER_ERROR, slowAfterMs: Infinity };
  if (watched && (await awaitEffect(context, watched, limits)) !== undefined) return;
  const sent = await countSent(context);
  const isProven = sent !== undefined && sent === sentBefore && !isUncertain(error);
  throw new WalletRefusal(error.cause, !isProven);
}

/**
 * Simulates a call, and sends it only if the chain would accept it. The call may have been sent whatever the wallet answers, so an answer that
 * cannot be read is no failure.
 */
export async function sendCall(
  context: TransactionContext,
  { effect, prepared = prepare, onAsk, ...call }: CallToSend,
): Promise<SentCall> {
  const [gas, { before, isContract }, sentBefore] = await Promise.all([
    prepared(context, call),
    readProspect(context, effect),
    countSent(context),
  ]);
  if (before === undefined && onAsk) throw new PurchaseAborted(BID_UNREAD);
  const onAsked = () => before && onAsk?.(before);
  const watched = before && { effect, before };
  const asked = askToSend(context, call, { gas, onAsk: onAsked });
  const answer = await asked.catch((error: unknown) => requireEffect(context, error, { watched, sentBefore }));
  const hash = readHash(answer);
  if (before === undefined && hash === undefined) throw new PurchaseAborted(SENT_WITHOUT_HASH);
  if (hash === undefined) return { call, effect, before };
  return { call, effect, hash, ...(before && (isContract ? { before } : { fallback: before })) };
}
