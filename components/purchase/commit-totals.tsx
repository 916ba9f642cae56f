import type { BidPlan } from "@/lib/sale/bid";
import type { Bid } from "@/lib/sale/bid-rules";
import type { PositionRow } from "@/lib/sale/position";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { totalTokens } from "@/lib/sale/token-symbols";
import { TokenSum } from "@/components/purchase/token-sum";

interface CommitTotalsProps {
  current: Bid;
  /** Of the entity's position. */
  rows: readonly PositionRow[];
  /** What would be sent; absent while nothing could be. */
  plan?: BidPlan;
  /** The one to pay with. */
  token: PaymentToken;
  tokens: readonly PaymentToken[];
}

/** What the entity has committed, and what it will have: over all its wallets and tokens. */
export function CommitTotals({ current, rows, plan, token, tokens }: CommitTotalsProps) {
  const held = totalTokens(rows);
  const sums = [
    { term: "Committed so far", amount: current.amount, of: held.length > 0 ? held : [token.address] },
    {
      term: "New total",
      amount: plan?.bid.amount,
      of: totalTokens(rows, { token: token.address, amount: plan?.delta ?? 0n }),
    },
  ];
  return (
    <dl className="grid gap-1">
      {sums.map(({ term, amount, of }) => (
        <div key={term} className="flex justify-between gap-4">
          <dt className="text-text-quiet">{term}</dt>
          <dd>{amount === undefined ? "–" : <TokenSum amount={amount} of={of} tokens={tokens} />}</dd>
        </div>
      ))}
    </dl>
  );
}
