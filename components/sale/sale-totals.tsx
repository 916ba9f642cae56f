import type { ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { Money } from "@/components/ui/money";

/** How much is committed, by how many: both Sonar's, so that they are of the same moment. */
export function SaleTotals({ data, symbol }: { data: ReadCommitmentDataResponse; symbol?: string }) {
  const count = data.UniqueCommitmentCount;
  return (
    <dl>
      <dt className="text-sm text-text-quiet">Committed, as listed by Sonar</dt>
      <dd className="text-xl font-semibold tracking-tight">
        <Money amount={BigInt(data.TotalCommitmentAmount)} decimals={data.PaymentTokenDecimals} />
        {symbol && (
          <>
            {" "}
            <span className="text-base font-normal whitespace-nowrap text-text-quiet">{symbol}</span>
          </>
        )}
      </dd>
      <dt className="sr-only">Participants</dt>
      <dd className="text-sm text-text-quiet tabular-nums">
        {count === 1 ? "by 1 participant" : `by ${count} participants`}
      </dd>
    </dl>
  );
}
