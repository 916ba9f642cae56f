import type { BidPlan } from "@/lib/sale/bid";
import type { Bid } from "@/lib/sale/bid-rules";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { Money } from "@/components/ui/money";

interface CommitTotalsProps {
  current: Bid;
  /** What would be sent; absent while nothing could be. */
  plan?: BidPlan;
  token: PaymentToken;
}

/** What the entity has committed, and what it will have: over all its wallets and tokens. */
export function CommitTotals({ current, plan, token }: CommitTotalsProps) {
  const rows = [
    { term: "Committed so far", amount: current.amount },
    { term: "New total", amount: plan?.bid.amount },
  ];
  return (
    <dl className="grid gap-1">
      {rows.map(({ term, amount }) => (
        <div key={term} className="flex justify-between gap-4">
          <dt className="text-text-quiet">{term}</dt>
          <dd>
            {amount === undefined ? "–" : <Money amount={amount} decimals={token.decimals} symbol={token.symbol} />}
          </dd>
        </div>
      ))}
    </dl>
  );
}
