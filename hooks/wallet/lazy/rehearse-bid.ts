import { bidCall } from "@/hooks/wallet/lazy/bid-call";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { planBidNow } from "@/hooks/wallet/lazy/plan-bid-now";
import { explainStop } from "@/hooks/wallet/lazy/purchase-stopped";
import type { FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { simulate } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import type { PurchaseError } from "@/lib/sale/purchase-error";

/**
 * How a token can say that the approval is missing: mainnet's USDT reverts without any data, and others with errors of their own. The sale's
 * errors are all known, and the one that it gives without data, for a bad payload, is found before (sonar.md 4.5).
 */
const MISSING_APPROVAL: ReadonlySet<PurchaseError["kind"]> = new Set([
  "ERC20InsufficientAllowance",
  "SafeERC20FailedOperation",
  "revert-without-reason",
  "unknown-revert",
]);

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
    if (!MISSING_APPROVAL.has(explainStop(error).kind)) throw error;
  }
}
