import type { ReactNode } from "react";
import { Money } from "@/components/sale/money";
import { LoadingText, Skeleton, SlowNotice } from "@/components/ui/feedback";
import { Moment } from "@/components/ui/moment";
import { Address, TransactionLink } from "@/components/wallet/address";
import type { ActivityEntry } from "@/lib/activity/entries";
import { entryAddress } from "@/lib/activity/missing-blocks";
import { activityWords, entityNameOf, type NamedEntity } from "@/lib/activity/words";
import { formatUtcMs } from "@/lib/calendar";

const ROW = "max-md:flex max-md:flex-wrap max-md:justify-between max-md:gap-x-4 max-md:gap-y-1 max-md:py-3";
const CELL = "md:py-2.5 md:pr-6 md:last:pr-0 align-baseline";
const WIDE = "max-md:basis-full";

interface CellProps {
  /** The column's name, for those who do not see the head: on a phone the rows are a list. */
  label: string;
  className?: string;
  children: ReactNode;
}

function Cell({ label, className = WIDE, children }: CellProps) {
  return (
    <td role="cell" className={`${CELL} ${className}`}>
      <span className="sr-only md:hidden">{`${label}: `}</span>
      <span className="contents">{children}</span>
    </td>
  );
}

interface ActivityTableProps {
  entries: readonly ActivityEntry[];
  /** The user's entities; a single one is not named in each row. */
  entities: readonly NamedEntity[];
  explorerUrl?: string;
}

function EntryRow({ entry, entities, explorerUrl }: Omit<ActivityTableProps, "entries"> & { entry: ActivityEntry }) {
  const { id, amount, token, at, wallet, block, transaction } = entry;
  return (
    <tr role="row" className={ROW}>
      <Cell label="What" className="">
        <a
          href={entryAddress(id, block)}
          className="font-medium underline decoration-control underline-offset-4 hover:decoration-current"
        >
          <span>{activityWords(entry).title}</span>
          <span className="sr-only">{`, receipt of ${formatUtcMs(at)}`}</span>
        </a>
      </Cell>
      <Cell label="Amount" className="text-right">
        <Money amount={amount} decimals={token?.decimals ?? 0} symbol={token?.symbol} />
      </Cell>
      <Cell label="Time" className={`${WIDE} text-sm text-text-quiet tabular-nums`}>
        <Moment at={at} />
      </Cell>
      {entities.length > 1 && (
        <Cell label="Entity">
          <bdi className="print:[overflow-wrap:normal]">{entityNameOf(entry, entities)}</bdi>
        </Cell>
      )}
      <Cell label="Wallet" className="">
        <Address address={wallet} label="wallet address" copyable={false} />
      </Cell>
      <Cell label="Transaction" className="text-right">
        <TransactionLink hash={transaction} explorerUrl={explorerUrl} />
      </Cell>
    </tr>
  );
}

/** The entries of a user's activity: a table, and on a phone a list. Its roles are written out, because a browser forgets those of a table that it lays out otherwise. */
export function ActivityTable({ entries, entities, explorerUrl }: ActivityTableProps) {
  const names = ["What", "Amount", "Time", ...(entities.length > 1 ? ["Entity"] : []), "Wallet", "Transaction"];
  return (
    <table role="table" aria-label="Activity" className="w-full max-md:block">
      <thead role="rowgroup" className="max-md:hidden">
        <tr role="row" className="border-b border-line text-left text-sm text-text-quiet">
          {names.map((name) => (
            <th
              key={name}
              role="columnheader"
              scope="col"
              className={`${CELL} font-normal ${name === "Amount" || name === "Transaction" ? "text-right" : ""}`}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className="divide-y divide-line max-md:block">
        {entries.map((entry) => (
          <EntryRow key={entry.id} entry={entry} entities={entities} explorerUrl={explorerUrl} />
        ))}
      </tbody>
    </table>
  );
}

/** The place of the table while it is loading. */
export function WaitingActivity() {
  return (
    <div role="status" className="divide-y divide-line">
      <LoadingText>Loading your activity.</LoadingText>
      {["w-64", "w-56", "w-60"].map((width, row) => (
        <div key={width} className="relative flex h-11 items-center">
          <Skeleton className={`h-4 ${width}`} />
          {row === 0 && <SlowNotice service="The network" className="absolute inset-x-0" />}
        </div>
      ))}
    </div>
  );
}
