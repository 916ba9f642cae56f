import type { Hash, TransactionReceipt } from "viem";
import { explainStop, PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import type { Call, TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { waitForOutcome, type WaitOptions } from "@/hooks/wallet/lazy/wait-for-outcome";
import type { PurchaseStepEvent, PurchaseStepId } from "@/lib/sale/purchase-steps";
import { MINED_REVERT } from "@/lib/sale/failure-rules";
import type { PurchaseError } from "@/lib/sale/purchase-error";
import type { MessageContext } from "@/lib/sale/revert-sentence";

/** What every flow is told about how to talk to its caller. */
export interface FlowOptions extends WaitOptions {
  report: (event: PurchaseStepEvent) => void;
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
    const reason = explainStop(error, words);
    return reason.kind === "network" ? MINED_REVERT : reason;
  }
}

/** Waits for a transaction that step `id` sent. Throws `PurchaseStopped` unless it was mined and did what it was sent for. */
export async function requireConfirmed(
  context: TransactionContext,
  { id, call, hash }: { id: PurchaseStepId; call: Call; hash: Hash },
  options: FlowOptions,
): Promise<TransactionReceipt> {
  options.report({ type: "sent", id, hash });
  if (id === "send") options.report({ type: "began", id: "confirm" });
  const onNonce = (nonce: number) => options.report({ type: "sent", id, hash, nonce });
  const sent = { hash, account: context.account };
  const outcome = await waitForOutcome(context.publicClient, sent, { ...options, onNonce });
  if (outcome.status === "confirmed") return outcome.receipt;
  if (outcome.status === "changed") throw new PurchaseStopped(outcome.message);
  if (outcome.status === "reverted")
    throw new PurchaseStopped(await explainMinedRevert(context, call, outcome.receipt, options.words));
  throw new PurchaseStopped({
    kind: "still-pending",
    sentence: "This page no longer waits for your transaction. Look in your wallet what became of it.",
    action: "wait",
  });
}
