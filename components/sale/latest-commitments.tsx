import type { Commitment, ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { formatAgo } from "@/components/calendar";
import { Address } from "@/components/ui/address";
import { Money } from "@/components/ui/money";

/** Echo sends up to 100; the panel is about the sale and not a ledger. */
const SHOWN = 6;

interface RowProps {
  commitment: Commitment;
  decimals: number;
  symbol?: string;
  now: number;
}

/** Payment tokens of one sale are worth the same (sonar.md 4), so their amounts add up. */
function totalOf(commitment: Commitment): bigint {
  return commitment.Amounts.reduce((total, { Amount }) => total + BigInt(Amount), 0n);
}

function CommitmentRow({ commitment, decimals, symbol, now }: RowProps) {
  const wallet = commitment.Amounts[0]?.Wallet;
  return (
    <li className="grid grid-cols-[3.5rem_minmax(0,1fr)_auto] items-baseline gap-3 py-1.5 text-sm">
      <time dateTime={commitment.CreatedAt} className="text-text-quiet tabular-nums">
        {formatAgo(now - Date.parse(commitment.CreatedAt))}
      </time>
      <Money amount={totalOf(commitment)} decimals={decimals} symbol={symbol} />
      {wallet && <Address address={wallet} label="wallet address" copyable={false} />}
    </li>
  );
}

interface LatestCommitmentsProps {
  data: ReadCommitmentDataResponse;
  symbol?: string;
  now: number;
}

/** The newest commitments of anybody. */
export function LatestCommitments({ data, symbol, now }: LatestCommitmentsProps) {
  const latest = data.Commitments.slice(0, SHOWN);
  return (
    <div>
      <h3 className="font-medium">Latest commitments</h3>
      {latest.length === 0 && <p className="mt-1 text-sm text-text-quiet">None yet.</p>}
      <ol className="mt-1">
        {latest.map((commitment) => (
          <CommitmentRow
            key={commitment.CommitmentID}
            commitment={commitment}
            decimals={data.PaymentTokenDecimals}
            symbol={symbol}
            now={now}
          />
        ))}
      </ol>
    </div>
  );
}
