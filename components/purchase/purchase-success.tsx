import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/token";
import { TransactionLink } from "@/components/purchase/transaction-link";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

interface PurchaseSuccessProps {
  outcome: PurchaseOutcome;
  /** Of the token that was paid with. */
  token?: TokenUnit;
  explorerUrl?: string;
  onDismiss: () => void;
}

const TITLES: Record<PurchaseOutcome["kind"], string> = {
  commit: "Your commitment is confirmed",
  approve: "Your approval is confirmed",
  cancel: "Your commitment is cancelled",
  refund: "Your refund is paid",
};

function committedText({ increment = 0n, total }: PurchaseOutcome, token: TokenUnit | undefined): string {
  if (!token || total === undefined) return "It is on the chain.";
  const sum = `Your entity's total is ${formatTokenAmount(total, token)}.`;
  return increment > 0n ? `${formatTokenAmount(increment, token)} committed. ${sum}` : sum;
}

function sentenceOf(outcome: PurchaseOutcome, token: TokenUnit | undefined): string {
  switch (outcome.kind) {
    case "commit":
      return committedText(outcome, token);
    case "approve":
      return "Nothing is committed yet. Go on below; the approval is not asked for again.";
    case "cancel":
      return "Everything was paid back to the wallets that it came from.";
    case "refund":
      return "What the sale did not accept was paid back to the wallets that it came from.";
  }
}

/** What has been done, with its place on the chain. */
export function PurchaseSuccess({ outcome, token, explorerUrl, onDismiss }: PurchaseSuccessProps) {
  return (
    <div role="status">
      <Callout tone="ok" title={TITLES[outcome.kind]} action={<Button onClick={onDismiss}>Close</Button>}>
        <p>
          {sentenceOf(outcome, token)}
          <TransactionLink hash={outcome.hash} {...(explorerUrl !== undefined && { explorerUrl })} />
        </p>
      </Callout>
    </div>
  );
}
