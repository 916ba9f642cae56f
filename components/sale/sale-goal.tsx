import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { parseDecimal, roundedAmount } from "@/lib/sale/money";

/** An announced amount, and how far the total has come. */
interface Goal {
  name: "target" | "cap";
  amount: bigint;
  /** Rounded down: a goal must not look reached too early. */
  percent: bigint;
}

function goalOf(name: Goal["name"], text: string | undefined, data: ReadCommitmentDataResponse): Goal | undefined {
  const amount = text === undefined ? undefined : parseDecimal(text, data.PaymentTokenDecimals);
  if (!amount) return undefined;
  return { name, amount, percent: (BigInt(data.TotalCommitmentAmount) * 100n) / amount };
}

function sentence({ name, amount, percent }: Goal, decimals: number, symbol: string | undefined): string {
  const figure = [roundedAmount(amount, decimals), symbol].filter(Boolean).join(" ");
  return percent >= 100n ? `The ${name} of ${figure} is reached` : `About ${percent} % of the ${name} of ${figure}`;
}

interface SaleGoalProps {
  data: ReadCommitmentDataResponse;
  symbol?: string;
  /** In whole payment tokens, as decimal numbers. */
  target?: string;
  cap?: string;
}

/** The total against the announced target and cap, as a bar and in words. Nothing where neither is announced. */
export function SaleGoal({ data, symbol, target, cap }: SaleGoalProps) {
  const goals = [goalOf("target", target, data), goalOf("cap", cap, data)].filter((goal) => goal !== undefined);
  const furthest = goals.at(-1);
  if (!furthest) return null;
  const text = goals.map((goal) => sentence(goal, data.PaymentTokenDecimals, symbol)).join(" · ");
  const width = Number(furthest.percent > 100n ? 100n : furthest.percent);
  return (
    <div className="col-span-full flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
      <div
        role="progressbar"
        aria-label="Progress of the sale"
        aria-valuenow={width}
        aria-valuetext={text}
        className="h-2 min-w-24 flex-1 overflow-hidden rounded-full border border-transparent bg-surface-sunken forced-colors:border-[CanvasText]"
      >
        <div className="h-full bg-accent forced-colors:bg-[Highlight]" style={{ width: `${width}%` }} />
      </div>
      <p className="text-text-quiet tabular-nums">{text}</p>
    </div>
  );
}
