import type { ReactNode } from "react";
import type { Position, PositionAmounts, PositionState } from "@/lib/sale/position";
import { formatPrice, type PriceTick } from "@/lib/sale/price";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { sumTokens } from "@/lib/sale/token-symbols";
import type { Tone } from "@/lib/sonar/entity-state";
import { PositionRows } from "@/components/purchase/position-rows";
import { Badge } from "@/components/ui/badge";
import { TokenSum } from "@/components/purchase/token-sum";

interface PositionCardProps {
  position: Position;
  /** Of the sale; all have the decimals of the first. */
  tokens: readonly PaymentToken[];
  tick?: PriceTick;
  /** What can be done about it. */
  action?: ReactNode;
}

type ShownState = Exclude<PositionState, "none">;
type Amount = keyof PositionAmounts;

const STATES: Record<ShownState, { badge: string; tone: Tone; amounts: readonly [term: string, amount: Amount][] }> = {
  committed: { badge: "Committed", tone: "ok", amounts: [["Committed", "committed"]] },
  cancelled: { badge: "Cancelled", tone: "quiet", amounts: [["Paid back", "returned"]] },
  settled: {
    badge: "Settled",
    tone: "ok",
    amounts: [
      ["Committed", "committed"],
      ["Accepted", "accepted"],
      ["To be paid back", "refundable"],
    ],
  },
  refunded: {
    badge: "Refunded",
    tone: "quiet",
    amounts: [
      ["Accepted", "accepted"],
      ["Paid back", "returned"],
    ],
  },
};

function Terms({ bid, tick }: { bid: Position["bid"]; tick?: PriceTick }) {
  const price = tick !== undefined && bid.price > 0n && `Price ${formatPrice(bid.price, tick)}`;
  const facts = [price, bid.lockup && "With lockup"].filter((fact) => fact !== false);
  return facts.length > 0 && <p className="text-sm text-text-quiet">{facts.join(" · ")}</p>;
}

/** What an entity holds in the sale, over all its wallets: read from the chain, never from the list of latest commitments. */
export function PositionCard({ position, tokens, tick, action }: PositionCardProps) {
  const { state, total, rows, bid } = position;
  if (state === "none") return null;
  const { badge, tone, amounts } = STATES[state];
  const listed = amounts[0]?.[1] ?? "committed";
  return (
    <section aria-labelledby="position" className="grid gap-4 rounded-lg border border-line bg-surface-raised p-5">
      <div className="flex items-center justify-between gap-4">
        <h3 id="position" className="font-medium">
          Your position
        </h3>
        <Badge tone={tone}>{badge}</Badge>
      </div>
      <dl className="grid gap-1">
        {amounts.map(([term, amount]) => (
          <div key={term} className="flex justify-between gap-4">
            <dt className="text-text-quiet">{term}</dt>
            <dd className="font-medium">
              <TokenSum amount={total[amount]} of={sumTokens(rows, amount)} tokens={tokens} />
            </dd>
          </div>
        ))}
      </dl>
      <Terms bid={bid} tick={tick} />
      <div className="border-t border-line pt-3 text-sm">
        <PositionRows rows={rows} tokens={tokens} amount={listed} label="By wallet" />
      </div>
      {action}
    </section>
  );
}
