import type { Commitment, ReadCommitmentDataResponse } from "@echoxyz/sonar-core";
import { Money } from "@/components/sale/money";
import { Ago } from "@/components/ui/moment";
import { Address } from "@/components/wallet/address";
import { committedTotal, notYetListed, type UnlistedCommitment } from "@/lib/sale/commitments";
import { sameHex } from "@/lib/sale/hex";
import { symbolsAt, type NamedToken } from "@/lib/sale/money";

/** Echo sends up to 100, but the panel describes the sale and is not a ledger. */
const SHOWN = 6;

interface Row {
  key: string;
  at: number;
  amount: bigint;
  symbol?: string;
  wallet?: string;
  listed: boolean;
}

function listedRow(commitment: Commitment, tokens: readonly NamedToken[]): Row {
  const symbol = symbolsAt(
    commitment.Amounts.map(({ Token }) => Token),
    tokens,
  );
  const wallet = commitment.Amounts[0]?.Wallet;
  return {
    key: commitment.CommitmentID,
    at: Date.parse(commitment.CreatedAt),
    amount: committedTotal(commitment),
    symbol,
    wallet,
    listed: true,
  };
}

function unlistedRow(unlisted: UnlistedCommitment, tokens: readonly NamedToken[]): Row {
  const { entityId, wallet, total, at } = unlisted;
  const symbol = symbolsAt(unlisted.tokens, tokens);
  return {
    key: `unlisted ${entityId}`,
    at,
    amount: BigInt(total),
    symbol,
    wallet,
    listed: false,
  };
}

/** An entity whose newer total is already confirmed is not also listed with its older one. */
function rowsOf({ data, tokens, unlisted, now }: LatestCommitmentsProps): Row[] {
  const fresh = notYetListed(unlisted, data.Commitments, now);
  const isRenewed = (id: string) => fresh.some(({ entityId }) => sameHex(entityId, id));
  const listed = data.Commitments.filter(({ SaleSpecificEntityID }) => !isRenewed(SaleSpecificEntityID));
  return [...fresh.map((one) => unlistedRow(one, tokens)), ...listed.map((one) => listedRow(one, tokens))];
}

function CommitmentRow({ row, decimals, now }: { row: Row; decimals: number; now: number }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 py-1.5 text-sm">
      <span className="min-w-17 text-text-quiet">
        <Ago at={row.at} now={now} />
      </span>
      <span className="flex-1 basis-24">
        <Money amount={row.amount} decimals={decimals} symbol={row.symbol} />
      </span>
      {row.wallet && <Address address={row.wallet} label="wallet address" copyable={false} />}
      {!row.listed && <span className="basis-full pl-[min(4.75rem,30vw)] text-ok">Confirmed, not yet listed</span>}
    </li>
  );
}

interface LatestCommitmentsProps {
  data: ReadCommitmentDataResponse;
  tokens: readonly NamedToken[];
  /** This browser's own commitments, confirmed on chain. */
  unlisted: readonly UnlistedCommitment[];
  now: number;
}

/** The latest commitments of all participants. */
export function LatestCommitments(props: LatestCommitmentsProps) {
  const latest = rowsOf(props).slice(0, SHOWN);
  return (
    <div>
      <h3 className="font-medium">Latest commitments</h3>
      {latest.length === 0 && <p className="mt-1 text-sm text-text-quiet">None yet.</p>}
      <ol className="mt-1">
        {latest.map((row) => (
          <CommitmentRow key={row.key} row={row} decimals={props.data.PaymentTokenDecimals} now={props.now} />
        ))}
      </ol>
    </div>
  );
}
