import { Money } from "@/components/ui/money";
import type { CurvePoint } from "@/lib/sale/commitment-curve";
import { formatMoment } from "@/lib/sale/moment";

interface CommitmentTableProps {
  /** Oldest first. */
  points: readonly CurvePoint[];
  decimals: number;
}

function PointRow({ point, decimals }: { point: CurvePoint; decimals: number }) {
  return (
    <tr className="border-t border-line">
      <td className="py-1.5 pr-3 text-text-quiet tabular-nums">
        {formatMoment(BigInt(Math.floor(point.at / 1000))).replace(" UTC", "")}
      </td>
      <td className="py-1.5 pr-3 text-right">
        <Money amount={point.amount} decimals={decimals} />
      </td>
      <td className="py-1.5 text-right">
        <Money amount={point.total} decimals={decimals} />
      </td>
    </tr>
  );
}

/** The same as the chart, in figures; folded away until it is wanted. */
export function CommitmentTable({ points, decimals }: CommitmentTableProps) {
  return (
    <details className="mt-2 text-sm">
      <summary className="w-fit cursor-pointer rounded-md text-text-quiet underline decoration-control underline-offset-4 hover:text-text">
        Show as table
      </summary>
      <div tabIndex={0} role="region" aria-label="Commitments over time" className="mt-2 max-h-64 overflow-auto">
        <table className="w-full whitespace-nowrap">
          <thead className="sticky top-0 bg-surface-raised text-left">
            <tr>
              <th className="py-1.5 pr-3 font-medium">Time (UTC)</th>
              <th className="py-1.5 pr-3 text-right font-medium">Committed</th>
              <th className="py-1.5 text-right font-medium">Total then</th>
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
