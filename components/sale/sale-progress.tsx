"use client";

import { useMemo } from "react";
import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { Chart } from "@/components/sale/chart";
import { Money } from "@/components/sale/money";
import { formatUtcMs } from "@/lib/calendar";
import { site } from "@/lib/config/site";
import { chartAxis } from "@/lib/sale/chart-axis";
import { commitmentCurve, type CurvePoint } from "@/lib/sale/commitments";
import { formatAmount, parseDecimal } from "@/lib/sale/money";

interface CommitmentTableProps {
  /** Oldest first. */
  points: readonly CurvePoint[];
  decimals: number;
}

function PointRow({ point, decimals }: { point: CurvePoint; decimals: number }) {
  return (
    <tr className="border-t border-line">
      <td className="py-1.5 pr-2 sm:pr-3 text-text-quiet tabular-nums">{formatUtcMs(point.at).replace(" UTC", "")}</td>
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

function momentOf({ at }: CurvePoint): string {
  return formatUtcMs(at);
}

interface SaleProgressProps {
  data: ReadCommitmentDataResponse;
  symbol?: string;
}

/** The lines that `site.ts` asks for. */
function saleMarks(decimals: number) {
  const { target, cap } = site.sale;
  return Object.entries({ Target: target, Cap: cap }).flatMap(([label, text]) => {
    const value = text === undefined ? undefined : parseDecimal(text, decimals);
    return value === undefined ? [] : [{ label, value }];
  });
}

function coverage(earlier: number, listed: number): string {
  if (earlier <= 0) return "All commitments so far.";
  const others = earlier === 1 ? "the other one" : `the ${earlier} others`;
  return `The chart shows the latest ${listed} commitments and starts at the total of ${others}.`;
}

/** The growth of the total. Sonar lists only the latest 100 commitments, and a sentence says so. */
export function SaleProgress({ data, symbol }: SaleProgressProps) {
  const decimals = data.PaymentTokenDecimals;
  const points = useMemo(() => commitmentCurve(data), [data]);
  const drawn = useMemo(() => points.map(({ at, total }) => ({ at, value: total })), [points]);
  const axis = useMemo(
    () =>
      chartAxis(
        drawn.map(({ value }) => value),
        saleMarks(decimals),
      ),
    [drawn, decimals],
  );
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last) return null;
  const money = (amount: bigint) => [formatAmount(amount, decimals), symbol].filter(Boolean).join(" ");
  const tell = (index: number) => {
    const point = points[index] ?? last;
    return { when: momentOf(point), value: money(point.total), more: `${money(point.amount)} more` };
  };
  const marks = axis.marks.map(({ label, value }) => `Dashed line: ${label.toLowerCase()}, ${money(value)}.`);
  return (
    <div>
      <h3 className="font-medium">Committed over time</h3>
      <div className="mt-2">
        <Chart
          name="Committed over time"
          points={drawn}
          decimals={decimals}
          axis={axis}
          tell={tell}
          description={
            `Chart: the total committed grew from ${money(first.total)} on ${momentOf(first)} ` +
            `to ${money(last.total)} on ${momentOf(last)}.`
          }
        />
      </div>
      <p className="mt-1 text-sm text-text-quiet">
        {[
          coverage(data.UniqueCommitmentCount - points.length, points.length),
          `The scale starts at ${axis.from === 0n ? "zero" : `${money(axis.from)}, not at zero`}.`,
          ...marks,
          "Times in UTC.",
        ].join(" ")}
      </p>
      <CommitmentTable points={points} decimals={decimals} />
    </div>
  );
}
