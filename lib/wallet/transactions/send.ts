import { ChainMismatchError, numberToHex, type Hash, type Hex } from "viem";
import { sameHex } from "@/lib/sale/hex";
import { NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import { readChainError } from "@/lib/purchase/errors/chain-error";
import type { StateBefore } from "@/lib/purchase/progress";
import { BID_UNREAD, SENT_WITHOUT_HASH, WALLET_NODE_REFUSED } from "@/lib/purchase/errors/purchase-error";
import type { Effect } from "@/lib/wallet/transactions/effect";
import { readAccounts, readChainId, readHash } from "@/lib/wallet/wallet-answers";
import { prepare, simulateRecent } from "@/lib/wallet/transactions/prepare";
import { isContractWallet, readEntityBid, readRecent, type EntityBid } from "@/lib/wallet/transactions/read-chain";
import { isRefusal, PurchaseAborted, toPurchaseError, WalletRefusal } from "@/lib/wallet/transactions/send-errors";
import type { Call, TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import { awaitEffect, readProspect, type Watched } from "@/lib/wallet/transactions/watch-effect";

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

/** A call to send, and the effect by which it is recognised if its hash says nothing. */
interface CallToSend extends Call {
  effect: Effect;
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
 * The reason of a call that the wallet reports as refused by the network. Its own node may be behind, and refuse what the sale accepts: what the
 * page's own simulation says counts, if there is one.
 */
async function reasonOf(context: TransactionContext, call: Call, { cause }: WalletRefusal): Promise<unknown> {
  try {
    return (await simulateRecent(context, call)) ? new PurchaseAborted(WALLET_NODE_REFUSED) : cause;
  } catch (own) {
    return own;
  }
}

/** True unless the account is known to send its own transactions: the count of others shows nothing of what was sent. */
async function mayBeSponsored({ publicClient, account }: TransactionContext): Promise<boolean> {
  return isContractWallet(publicClient, account).catch(() => true);
}

/**
 * Returns if the chain soon shows what a wallet has answered to with an error, and else throws the error. A transaction that was mined and
 * failed has no effect, so the account's transactions are counted too. The user's own refusal is believed.
 */
async function requireEffect(
  context: TransactionContext,
  error: unknown,
  { call, watched, sentBefore }: { call: Call; watched: Watched | undefined; sentBefore: number | undefined },
): Promise<void> {
  if (!(error instanceof WalletRefusal) || toPurchaseError(error).kind === "user-rejected") throw error;
  const limits = { mostReads: READS_AFTER_ERROR, slowAfterMs: Infinity };
  if (watched && (await awaitEffect(context, watched, limits)) !== undefined) return;
  const sent = await countSent(context);
  const isRefused = isRefusal(error);
  const isOpen = isUncertain(error) || (isRefused && (await mayBeSponsored(context)));
  const isProven = sent !== undefined && sent === sentBefore && !isOpen;
  throw new WalletRefusal(isRefused ? await reasonOf(context, call, error) : error.cause, !isProven);
}

/**
 * Simulates a call, and sends it only if the chain would accept it. The call may have been sent whatever the wallet answers, so an answer that
 * cannot be read is no failure.
 */
export async function sendCall(context: TransactionContext, { effect, onAsk, ...call }: CallToSend): Promise<SentCall> {
  const [gas, { before, isContract }, sentBefore] = await Promise.all([
    prepare(context, call),
    readProspect(context, effect),
    countSent(context),
  ]);
  if (before === undefined && onAsk) throw new PurchaseAborted(BID_UNREAD);
  const onAsked = () => before && onAsk?.(before);
  const watched = before && { effect, before };
  const asked = askToSend(context, call, { gas, onAsk: onAsked });
  const answer = await asked.catch((error: unknown) => requireEffect(context, error, { call, watched, sentBefore }));
  const hash = readHash(answer);
  if (before === undefined && hash === undefined) throw new PurchaseAborted(SENT_WITHOUT_HASH);
  if (hash === undefined) return { call, effect, before };
  return { call, effect, hash, ...(before && (isContract ? { before } : { fallback: before })) };
}
