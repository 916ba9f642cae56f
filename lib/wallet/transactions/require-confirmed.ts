import type { Hash, TransactionReceipt } from "viem";
import type { ErrorUnits } from "@/lib/purchase/errors/contract-errors";
import { MINED_REVERT, NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { DoneAmounts, SendEvent, SendStepId } from "@/lib/purchase/progress";
import type { SentCall } from "@/lib/wallet/transactions/send";
import { FailedAfterSending, toPurchaseError } from "@/lib/wallet/transactions/send-errors";
import type { Call, TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import type { WaitOptions } from "@/lib/wallet/transactions/wait-for-receipt";
import { waitForRequest, type RequestOutcome } from "@/lib/wallet/transactions/wait-for-request";

/** Options of every transaction. */
export interface SendOptions extends WaitOptions {
  report: (event: SendEvent) => void;
  /** Called with the block in which the outcome of a transaction was found, whatever it is: what follows is relative to the state of that block. */
  onMined?: (block: bigint) => void;
  /** Units for the numbers in error sentences. */
  units?: ErrorUnits;
}

function blockOf(outcome: RequestOutcome): bigint | undefined {
  if (outcome.status === "aborted") return undefined;
  if (outcome.status === "noticed") return outcome.block;
  return outcome.status === "changed" ? (outcome.receipt?.blockNumber ?? outcome.usedBy) : outcome.receipt.blockNumber;
}

/** A receipt does not contain the reason of a revert, so the same call is simulated at the block that rejected it. */
async function explainMinedRevert(
  { publicClient, account }: TransactionContext,
  call: Call,
  { blockNumber }: TransactionReceipt,
  words: ErrorUnits | undefined,
): Promise<PurchaseError> {
  try {
    await publicClient.call({ account, ...call, blockNumber });
    return MINED_REVERT;
  } catch (error) {
    const reason = toPurchaseError(error, words);
    // A node's own trouble with the simulation is not why the chain rejected the transaction.
    const isOfNode = reason.kind === "network" || reason.kind === "unknown" || reason.sentence.includes(NOTHING_SENT);
    if (isOfNode) return MINED_REVERT;
    return { ...reason, sentence: `${MINED_REVERT.sentence} ${reason.sentence}` };
  }
}

/** A transaction that was mined and succeeded. */
export interface ConfirmedTransaction {
  /** Absent if only its effect was noticed. */
  hash?: Hash;
  block: bigint;
  /** Its amounts, as far as the chain tells them. */
  done?: DoneAmounts;
}

/** Waits for the transaction that step `id` sent. Throws `FailedAfterSending` unless it was mined and succeeded. */
export async function requireConfirmed(
  context: TransactionContext,
  { id, call, hash, ...known }: SentCall & { id: SendStepId },
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  const sent = { type: "sent", id, ...(hash && { hash }) } as const;
  const { before, fallback } = known;
  options.report({ ...sent, ...(before && { before }), ...(fallback && { fallback }) });
  if (id === "send") options.report({ type: "began", id: "confirm" });
  const onNonce = (nonce: number) => options.report({ ...sent, nonce });
  const accepted = { account: context.account, to: call.to, ...(hash && { hash }), ...known };
  const outcome = await waitForRequest(context, accepted, { ...options, onNonce });
  const block = blockOf(outcome);
  if (block !== undefined) options.onMined?.(block);
  const amounts = outcome.done && { done: outcome.done };
  switch (outcome.status) {
    case "confirmed":
      return { hash: outcome.receipt.transactionHash, block: outcome.receipt.blockNumber, ...amounts };
    case "noticed":
      return { block: outcome.block, ...amounts };
    case "changed":
      throw new FailedAfterSending(outcome.message);
    case "reverted":
      throw new FailedAfterSending(await explainMinedRevert(context, call, outcome.receipt, options.units));
    case "aborted":
      throw new FailedAfterSending(NO_LONGER_AWAITED);
  }
}

const NO_LONGER_AWAITED: PurchaseError = {
  kind: "still-pending",
  sentence: "This page no longer waits for your transaction. Check its status in your wallet.",
  action: "reload",
};
