import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import { shortenAddress } from "@/lib/sale/amounts";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/token";
import { TransactionLink } from "@/components/purchase/transaction-link";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";

interface PurchaseSuccessProps {
  outcome: PurchaseOutcome;
  /** Of the token that was paid with. */
  token?: TokenUnit;
  /** Of all tokens that the entity's total is made of. */
  totalSymbol?: string;
  explorerUrl?: string;
  onDismiss: () => void;
}

const TITLES: Record<PurchaseOutcome["kind"], string> = {
  commit: "Your commitment is confirmed",
  "reset-allowance": "Your earlier approval is reset",
  approve: "Your approval is confirmed",
  cancel: "Your commitment is cancelled",
  refund: "Your refund is paid",
};

type Told = Pick<PurchaseSuccessProps, "outcome" | "token" | "totalSymbol">;

function committedText({ outcome, token, totalSymbol }: Told): string {
  const { increment = 0n, total } = outcome;
  if (!token || total === undefined) return "It is on the chain.";
  const sum = `Your entity's total is ${formatTokenAmount(total, { ...token, symbol: totalSymbol ?? token.symbol })}.`;
  return increment > 0n ? `${formatTokenAmount(increment, token)} committed. ${sum}` : sum;
}

/** After a reload another wallet may be connected, and the form holds what is typed now. */
function approvedText({ outcome: { increment, wallet }, token }: Told): string {
  const owner = `the wallet ${shortenAddress(wallet)}`;
  const amount = token && increment !== undefined ? formatTokenAmount(increment, token) : "the amount";
  return `Nothing is committed yet. Go on below with ${owner}: it has approved ${amount}, and up to that it is not asked again.`;
}

function sentenceOf(told: Told): string {
  switch (told.outcome.kind) {
    case "commit":
      return committedText(told);
    case "reset-allowance":
      return `Nothing is committed yet. Go on below with the wallet ${shortenAddress(told.outcome.wallet)}, which still has to approve the amount.`;
    case "approve":
      return approvedText(told);
    case "cancel":
      return "Everything was paid back to the wallets that it came from.";
    case "refund":
      return "What the sale did not accept was paid back to the wallets that it came from.";
  }
}

/** What has been done, with its place on the chain. */
export function PurchaseSuccess({ explorerUrl, onDismiss, ...told }: PurchaseSuccessProps) {
  const { outcome } = told;
  return (
    <div role="status">
      <Callout tone="ok" title={TITLES[outcome.kind]} action={<Button onClick={onDismiss}>Close</Button>}>
        <p>
          {sentenceOf(told)}
          <TransactionLink hash={outcome.hash} explorerUrl={explorerUrl} />
        </p>
      </Callout>
    </div>
  );
}
