"use client";

import { useEffect, useRef, useState, useMemo } from "react";
import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import type { ChartData, DrawnChart } from "@/components/sale/draw-commitment-chart";
import { Money } from "@/components/sale/money";
import { Skeleton } from "@/components/ui/feedback";
import { formatUtc } from "@/lib/calendar";
import { commitmentCurve, type CurvePoint } from "@/lib/sale/commitments";
import { formatAmount } from "@/lib/sale/money";

type ChartState = "waiting" | "drawn" | "failed";

/** Calls back once, when the element comes into view. */
function whenVisible(element: HTMLElement, onVisible: () => void): () => void {
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    observer.disconnect();
    onVisible();
  });
  observer.observe(element);
  return () => observer.disconnect();
}

/** Draws into the element once it is visible: visitors who never scroll there load no code for it. */
function useDrawnChart(data: ChartData) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<DrawnChart>(undefined);
  const latest = useRef(data);
  const [state, setState] = useState<ChartState>("waiting");
  useEffect(() => {
    latest.current = data;
    chart.current?.update(data);
  }, [data]);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    let gone = false;
    const draw = async () => {
      const { drawCommitmentChart } = await import("@/components/sale/draw-commitment-chart");
      if (gone) return;
      chart.current = drawCommitmentChart(element, latest.current);
      setState("drawn");
    };
    const stop = whenVisible(element, () => void draw().catch(() => setState("failed")));
    return () => {
      gone = true;
      stop();
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, []);
  return { place, state };
}

interface CommitmentChartProps {
  data: ChartData;
  /** A text version of the picture for screen readers. */
  description: string;
}

/** The curve of the total, in a box of fixed height. */
function CommitmentChart({ data, description }: CommitmentChartProps) {
  const { place, state } = useDrawnChart(data);
  return (
    <div className="relative h-44">
      <div
        ref={place}
        role="img"
        aria-label={description}
        data-chart={state}
        className="absolute inset-0 overflow-hidden"
      />
      {state === "waiting" && <Skeleton className="absolute inset-0 size-full" />}
      {state === "failed" && (
        <p className="text-sm text-text-quiet">
          The chart could not be loaded. The table below shows the same figures.
        </p>
      )}
    </div>
  );
}

interface CommitmentTableProps {
  /** Oldest first. */
  points: readonly CurvePoint[];
  decimals: number;
}

function PointRow({ point, decimals }: { point: CurvePoint; decimals: number }) {
  return (
    <tr className="border-t border-line">
      <td className="py-1.5 pr-2 sm:pr-3 text-text-quiet tabular-nums">
        {formatUtc(BigInt(Math.floor(point.at / 1000))).replace(" UTC", "")}
      </td>
      <td className="py-1.5 pr-2 sm:pr-3 text-right">
        <Money amount={point.amount} decimals={decimals} />
      </td>
      <td className="py-1.5 text-right">
        <Money amount={point.total} decimals={decimals} />
      </td>
    </tr>
  );
}

/** The chart's data as a table, folded until the user opens it. */
function CommitmentTable({ points, decimals }: CommitmentTableProps) {
  return (
    <details className="mt-2 text-sm">
      <summary className="w-fit cursor-pointer rounded-md text-text-quiet underline decoration-control underline-offset-4 hover:text-text">
        Show as table
      </summary>
      <div tabIndex={0} role="region" aria-label="Commitments over time" className="mt-2 max-h-64 overflow-auto">
        <table className="w-full">
          <thead className="sticky top-0 bg-surface-raised text-left">
            <tr>
              <th className="py-1.5 pr-2 sm:pr-3 font-medium">Time (UTC)</th>
              <th className="py-1.5 pr-2 sm:pr-3 text-right font-medium">Committed</th>
              <th className="py-1.5 text-right font-medium">Running total</th>
            </tr>
          </thead>
          <tbody>
            {points.toReversed().map((point, index) => (
              <PointRow key={points.length - index} point={point} decimals={decimals} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function chartData(points: readonly CurvePoint[], decimals: number) {
  return {
    times: points.map(({ at }) => at / 1000),
    totals: points.map(({ total }) => Number(total) / 10 ** decimals),
  };
}

function momentOf({ at }: CurvePoint): string {
  return formatUtc(BigInt(Math.floor(at / 1000)));
}

interface SaleProgressProps {
  data: ReadCommitmentDataResponse;
  symbol?: string;
}

/** The growth of the total. Sonar lists only the latest 100 commitments, and a sentence says so. */
export function SaleProgress({ data, symbol }: SaleProgressProps) {
  const decimals = data.PaymentTokenDecimals;
  const points = useMemo(() => commitmentCurve(data), [data]);
  const drawn = useMemo(() => chartData(points, decimals), [points, decimals]);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return null;
  const money = (amount: bigint) => [formatAmount(amount, decimals), symbol].filter(Boolean).join(" ");
  const earlier = data.UniqueCommitmentCount - points.length;
  const description =
    `Chart: the total committed grew from ${money(first.total)} on ${momentOf(first)} ` +
    `to ${money(last.total)} on ${momentOf(last)}.`;
  return (
    <div>
      <h3 className="font-medium">Committed over time</h3>
      <div className="mt-2">
        <CommitmentChart data={drawn} description={description} />
      </div>
      <p className="mt-1 text-sm text-text-quiet">
        {earlier > 0
          ? `The chart shows the latest ${points.length} commitments and starts at the total of ${earlier === 1 ? "the other one" : `the ${earlier} others`}. Times in UTC.`
          : "All commitments so far. Times in UTC."}
      </p>
      <CommitmentTable points={points} decimals={decimals} />
    </div>
  );
}
