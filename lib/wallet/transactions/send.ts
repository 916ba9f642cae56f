import {
  ChainMismatchError,
  type Address,
  type Chain,
  type PublicClient,
  type WalletClient,
  type Hash,
  type TransactionReceipt,
} from "viem";
import { toPurchaseError, PurchaseAborted } from "@/lib/purchase/errors/explain-error";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { waitForReceipt, type WaitOptions } from "@/lib/wallet/transactions/wait-for-receipt";
import type { SendEvent, SendStepId } from "@/lib/purchase/steps";
import { MINED_REVERT } from "@/lib/purchase/errors/error-words";
import type { MessageContext } from "@/lib/purchase/errors/contract-errors";

/** What is needed to send a transaction to the sale. Plain viem, so that the flow runs without wagmi too. */
export interface TransactionContext {
  /** Reads the chain and waits for it; never the wallet's own node, which may be behind or on another chain. */
  publicClient: PublicClient;
  walletClient: WalletClient;
  chain: Chain;
  /** The sale's contract. */
  contract: Address;
  account: Address;
}

/** A transaction's target and what it asks for. */
export interface Call {
  to: Address;
  data: `0x${string}`;
}

/**
 * How a token can say that an allowance is not what it needs: mainnet's USDT reverts without any data, and others with errors of their own.
 * The sale's errors are all known, and the one that it gives without data, for a bad payload, is found before (sonar.md 4.5).
 */
const KINDS: ReadonlySet<PurchaseError["kind"]> = new Set([
  "ERC20InsufficientAllowance",
  "SafeERC20FailedOperation",
  "revert-without-reason",
  "unknown-revert",
]);

/** Whether a refusal may be about an allowance: one that is not given yet, or one that a node which is behind still sees. */
export function isAllowanceRefusal(error: unknown): boolean {
  return KINDS.has(toPurchaseError(error).kind);
}

/**
 * The gas to allow for a call whose cost was estimated. More than the estimate: a bid in the same second as the one before writes no new time,
 * so it is estimated too low when the second is over before it is mined, and some wallets forget what nested calls need (sonar.md 4.7). What
 * is not used is not paid.
 */
function gasLimit(estimate: bigint): bigint {
  return (estimate * 3n) / 2n + 50_000n;
}

/** Throws unless the wallet is on the sale's chain and still has the account that the page shows. */
export async function requireWallet({ walletClient, chain, account }: TransactionContext): Promise<void> {
  const [chainId, accounts] = await Promise.all([walletClient.getChainId(), walletClient.getAddresses()]);
  if (chainId !== chain.id) throw new ChainMismatchError({ chain, currentChainId: chainId });
  if (accounts.some((address) => address.toLowerCase() === account.toLowerCase())) return;
  throw new PurchaseAborted({
    kind: "wallet-disconnected",
    sentence: "Your wallet no longer gives this site the account shown here. Connect it again.",
    action: "none",
  });
}

/** Tries a call at the latest block without sending it; throws what the contract would answer. */
export async function simulate({ publicClient, account }: TransactionContext, call: Call): Promise<void> {
  await publicClient.call({ account, ...call, blockTag: "latest" });
}

async function prepare(context: TransactionContext, call: Call): Promise<bigint> {
  await simulate(context, call);
  const { publicClient, account } = context;
  return gasLimit(await publicClient.estimateGas({ account, ...call }));
}

/** How often a node that has not seen the new allowance yet is asked again. */
const PATIENCE = 5;

/**
 * After an approval or its reset, another node behind the same address may still be a block behind and refuse what this one allows
 * (sonar.md 4.7), so what it says of an allowance is not believed at once.
 */
async function prepareAfterApproval(context: TransactionContext, call: Call): Promise<bigint> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prepare(context, call);
    } catch (error) {
      if (attempt > PATIENCE || !isAllowanceRefusal(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, context.publicClient.pollingInterval));
  }
}

/**
 * Sends a call that the chain would accept now; nothing is sent that the simulation shows to be refused. The chain is named again, since the
 * wallet may have switched since it was asked.
 */
export async function sendCall(context: TransactionContext, call: Call, { afterApproval = false } = {}): Promise<Hash> {
  const { walletClient, account, chain } = context;
  const gas = await (afterApproval ? prepareAfterApproval : prepare)(context, call);
  return walletClient.sendTransaction({ account, chain, ...call, gas });
}

/** What every flow is told about how to talk to its caller. */
export interface FlowOptions extends WaitOptions {
  report: (event: SendEvent) => void;
  /** For the numbers in its sentences. */
  words?: MessageContext;
}

/** A receipt does not say why: the same call is asked again at the block that refused it. */
async function explainMinedRevert(
  { publicClient, account }: TransactionContext,
  call: Call,
  { blockNumber }: TransactionReceipt,
  words: MessageContext | undefined,
): Promise<PurchaseError> {
  try {
    await publicClient.call({ account, ...call, blockNumber });
    return MINED_REVERT;
  } catch (error) {
    const reason = toPurchaseError(error, words);
    return reason.kind === "network" ? MINED_REVERT : reason;
  }
}

/** Waits for a transaction that step `id` sent. Throws `PurchaseStopped` unless it was mined and did what it was sent for. */
export async function requireConfirmed(
  context: TransactionContext,
  { id, call, hash }: { id: SendStepId; call: Call; hash: Hash },
  options: FlowOptions,
): Promise<TransactionReceipt> {
  options.report({ type: "sent", id, hash });
  if (id === "send") options.report({ type: "began", id: "confirm" });
  const onNonce = (nonce: number) => options.report({ type: "sent", id, hash, nonce });
  const sent = { hash, account: context.account };
  const outcome = await waitForReceipt(context.publicClient, sent, { ...options, onNonce });
  if (outcome.status === "confirmed") return outcome.receipt;
  if (outcome.status === "changed") throw new PurchaseAborted(outcome.message);
  if (outcome.status === "reverted")
    throw new PurchaseAborted(await explainMinedRevert(context, call, outcome.receipt, options.words));
  throw new PurchaseAborted({
    kind: "still-pending",
    sentence: "This page no longer waits for your transaction. Look in your wallet what became of it.",
    action: "none",
  });
}
