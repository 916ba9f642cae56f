import { isAllowanceRefusal } from "@/hooks/wallet/lazy/allowance-refusal";
import { bidCall } from "@/hooks/wallet/lazy/bid-call";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import type { PlannedBid } from "@/hooks/wallet/lazy/plan-bid-now";
import type { FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { simulate } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";

/**
 * Asks the chain about a bid before an approval is paid for, or a signature asked for, to fund it. The sale takes the tokens last
 * (sonar.md 4.5), so a bid that gets as far as the missing allowance is refused for nothing else. Throws why it would be refused.
 */
export async function rehearseBid(
  context: TransactionContext,
  order: CommitOrder,
  planned: PlannedBid,
  options: FlowOptions,
): Promise<void> {
  const call = await bidCall(context, order, planned, "approval", options);
  try {
    await simulate(context, call);
  } catch (error) {
    if (!isAllowanceRefusal(error)) throw error;
  }
}
