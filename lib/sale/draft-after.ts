import { EMPTY_DRAFT, type CommitDraft } from "@/lib/sale/commit-draft";
import { isApprovalStep } from "@/lib/sale/nothing-sent";
import { amountFieldText } from "@/lib/sale/parse-amount";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import type { PaymentToken } from "@/lib/sale/sale-state";

/**
 * What the form holds once something is in a block: nothing but the token after what it was for, and after an approval that an earlier
 * page load has sent, the amount that was approved, unless another is typed already.
 */
export function draftAfter(
  { kind, token, increment = 0n }: PurchaseOutcome,
  draft: CommitDraft,
  tokens: readonly PaymentToken[],
): CommitDraft {
  if (!isApprovalStep(kind)) return { ...EMPTY_DRAFT, token: draft.token };
  const approved = tokens.find(({ address }) => address.toLowerCase() === token?.toLowerCase());
  if (draft.amount !== "" || !approved || increment === 0n) return draft;
  return { ...draft, amount: amountFieldText(increment, approved.decimals), token: approved.address };
}
