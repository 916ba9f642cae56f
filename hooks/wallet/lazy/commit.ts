import type { Hash } from "viem";
import { approveFunding } from "@/hooks/wallet/lazy/approve";
import { bidCall } from "@/hooks/wallet/lazy/bid-call";
import { checkOrder, chooseFunding } from "@/hooks/wallet/lazy/check-order";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { planBidNow } from "@/hooks/wallet/lazy/plan-bid-now";
import { explainStop, PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import { rehearseBid } from "@/hooks/wallet/lazy/rehearse-bid";
import { requireConfirmed, type FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { sendCall } from "@/hooks/wallet/lazy/send-call";
import { CannotSign } from "@/hooks/wallet/lazy/sign-token-permit";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { needsApproval, skippedSteps, type Funding } from "@/lib/sale/funding";
import { isApprovalStep, wordsAfterApproval, type ApprovalStep } from "@/lib/sale/nothing-sent";
import type { PurchaseError } from "@/lib/sale/purchase-error";

/** A transaction that did what it was sent for. */
export interface Confirmed {
  hash: Hash;
  block: bigint;
}

async function attempt(
  context: TransactionContext,
  order: CommitOrder,
  canSign: boolean,
  options: FlowOptions,
): Promise<Confirmed> {
  options.report({ type: "began", id: "check" });
  await checkOrder(context, order);
  const funding = await chooseFunding(context, order, { canSign });
  options.report({ type: "skipped", ids: skippedSteps(funding) });
  if (needsApproval(funding)) await rehearseBid(context, order, await planBidNow(context, order), options);
  await approveFunding(context, { funding, token: order.token, amount: order.increment }, options);
  return bid(context, order, { funding, canSign }, options);
}

async function bid(
  context: TransactionContext,
  order: CommitOrder,
  { funding, canSign }: { funding: Funding; canSign: boolean },
  options: FlowOptions,
): Promise<Confirmed> {
  options.report({ type: "began", id: "permit" });
  const planned = await planBidNow(context, order);
  try {
    if (funding === "signature") await rehearseBid(context, order, planned, options);
    const call = await bidCall(context, order, planned, funding, options);
    options.report({ type: "began", id: "send" });
    const afterApproval = funding !== "signature";
    const hash = await sendCall(context, call, { afterApproval });
    const receipt = await requireConfirmed(context, { id: "send", call, hash }, options);
    return { hash: receipt.transactionHash, block: receipt.blockNumber };
  } catch (error) {
    // The contract swallows a refused signature, so what is seen of it is an allowance that is missing (sonar.md 4.7).
    const refused = funding === "signature" && explainStop(error).kind === "ERC20InsufficientAllowance";
    if (canSign && (refused || error instanceof CannotSign)) return attempt(context, order, false, options);
    throw error;
  }
}

function isExpired({ kind }: PurchaseError): boolean {
  return kind === "PurchasePermitExpired" || kind === "permit-expired";
}

/** A permit that expires on the way is renewed once by itself. */
async function attemptTwice(context: TransactionContext, order: CommitOrder, options: FlowOptions): Promise<Confirmed> {
  try {
    return await attempt(context, order, true, options);
  } catch (error) {
    if (!isExpired(explainStop(error, options.words))) throw error;
  }
  return attempt(context, order, true, options);
}

/**
 * Commits: check, rehearse and approve where needed, permit, sign where possible, send, wait. Sends nothing but the bid that the user saw, and
 * nothing that the chain would refuse at that moment. Throws `PurchaseStopped` with the reason, and nothing else. A bid carries the entity's
 * new total, so that even one that were sent twice would take the tokens once.
 */
export async function commit(
  context: TransactionContext,
  order: CommitOrder,
  options: FlowOptions,
): Promise<Confirmed> {
  const words = { token: order.token, tick: order.tick };
  let sent: ApprovalStep | undefined;
  const report: FlowOptions["report"] = (event) => {
    if (event.type === "sent" && isApprovalStep(event.id)) sent = event.id;
    options.report(event);
  };
  return attemptTwice(context, order, { ...options, words, report }).catch((error: unknown) => {
    const reason = explainStop(error, words);
    throw new PurchaseStopped(sent ? wordsAfterApproval(reason, sent) : reason);
  });
}
