"use client";

import { useMemo, useState } from "react";
import { Chart, type ChartPoint } from "@/components/sale/chart";
import { formatUtcMs } from "@/lib/calendar";
import { PRICE_UNIT, type PriceRatio } from "@/lib/purchase/estimate";
import { chartAxis } from "@/lib/sale/chart-axis";
import { priceText } from "@/lib/sale/pricing";

/** Decimals of the prices in a chart: those of `PRICE_UNIT`. */
const DECIMALS = 18;

/** More would fill a page that is left open for days. */
const KEPT = 500;

function scaled({ numerator, denominator }: PriceRatio): bigint {
  return (numerator * PRICE_UNIT) / denominator;
}

/** The changes of the price since the page was opened, in memory alone. The last one lasts until now. */
function usePriceHistory(estimate: PriceRatio | undefined, now: number): readonly ChartPoint[] {
  const [changes, setChanges] = useState<readonly ChartPoint[]>([]);
  const value = estimate && scaled(estimate);
  const latest = changes.at(-1);
  if (value !== undefined && value !== latest?.value) setChanges([...changes, { at: now, value }].slice(-KEPT));
  return useMemo(
    () => (latest && latest.at < now ? [...changes, { at: now, value: latest.value }] : changes),
    [changes, latest, now],
  );
}

interface PriceHistoryProps {
  /** An auction's estimated clearing price; absent while there is none. */
  estimate: PriceRatio | undefined;
  /** Milliseconds since 1970. */
  now: number;
  symbol?: string;
}

/** The estimated clearing price while the page is open. Its place is there from the start, so that nothing moves when there is a curve. */
export function PriceHistory({ estimate, now, symbol }: PriceHistoryProps) {
  const points = usePriceHistory(estimate, now);
  const axis = useMemo(() => chartAxis<{ label: string; value: bigint }>(points.map(({ value }) => value)), [points]);
  const [first, last] = [points[0], points.at(-1)];
  const price = (value: bigint) => [priceText({ numerator: value, denominator: PRICE_UNIT }), symbol].join(" ").trim();
  const moment = ({ at }: ChartPoint) => formatUtcMs(at);
  const isCurve = first !== undefined && last !== undefined && first !== last;
  const start = axis.from === 0n ? "zero" : `${price(axis.from)}, not at zero`;
  return (
    <div>
      <h3 className="font-medium">Clearing price while this page is open</h3>
      <div className="mt-2 min-h-44">
        {isCurve ? (
          <Chart
            name="Clearing price"
            points={points}
            decimals={DECIMALS}
            axis={axis}
            tell={(index) => {
              const point = points[index] ?? last;
              return { when: moment(point), value: `${price(point.value)} per token` };
            }}
            description={
              first.value === last.value
                ? `Chart: the estimated clearing price has been ${price(last.value)} since ${moment(first)}.`
                : `Chart: the estimated clearing price went from ${price(first.value)} on ${moment(first)} to ${price(last.value)} on ${moment(last)}.`
            }
          />
        ) : (
          <p className="text-sm text-text-quiet">
            {estimate
              ? "The price is drawn here as it changes."
              : "There is no price yet. It is drawn here as it changes."}
          </p>
        )}
      </div>
      <p className="mt-1 min-h-[1lh] text-sm text-text-quiet">
        {isCurve && `The scale starts at ${start}. Times in UTC.`}
      </p>
    </div>
  );
}
