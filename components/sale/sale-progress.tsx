import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { useMemo } from "react";
import { CommitmentChart } from "@/components/sale/commitment-chart";
import { CommitmentTable } from "@/components/sale/commitment-table";
import { formatAmount } from "@/lib/sale/amounts";
import { commitmentCurve, type CurvePoint } from "@/lib/sale/commitment-curve";
import { formatMoment } from "@/lib/sale/moment";

function chartData(points: readonly CurvePoint[], decimals: number) {
  return {
    times: points.map(({ at }) => at / 1000),
    totals: points.map(({ total }) => Number(total) / 10 ** decimals),
  };
}

function momentOf({ at }: CurvePoint): string {
  return formatMoment(BigInt(Math.floor(at / 1000)));
}

interface SaleProgressProps {
  data: ReadCommitmentDataResponse;
  symbol?: string;
}

/** How the total has grown. Sonar lists the latest 100 commitments only, and this says so. */
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
          ? `The latest ${points.length} commitments. The chart starts at the total of the ${earlier} before them. Times in UTC.`
          : "All commitments so far. Times in UTC."}
      </p>
      <CommitmentTable points={points} decimals={decimals} />
    </div>
  );
}
