import { isAllowanceRefusal } from "@/hooks/wallet/lazy/allowance-refusal";
import { bidCall } from "@/hooks/wallet/lazy/bid-call";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { planBidNow } from "@/hooks/wallet/lazy/plan-bid-now";
import type { FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { simulate } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";

/**
 * Asks the chain about the bid before an approval for it is paid for. The sale takes the tokens last (sonar.md 4.5), so a bid that gets as far
 * as the missing approval is refused for nothing else. Throws why it would be refused.
 */
export async function rehearseBid(
  context: TransactionContext,
  order: CommitOrder,
  options: FlowOptions,
): Promise<void> {
  const call = await bidCall(context, order, await planBidNow(context, order), "approval", options);
  try {
    await simulate(context, call);
  } catch (error) {
    if (!isAllowanceRefusal(error)) throw error;
  }
}
