import type { PositionAmounts, PositionRow } from "@/lib/sale/position";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { Address } from "@/components/ui/address";
import { Money } from "@/components/ui/money";

interface PositionRowsProps {
  rows: readonly PositionRow[];
  tokens: readonly PaymentToken[];
  /** Which of a row's amounts is listed. */
  amount: keyof PositionAmounts;
  label: string;
}

/** What each wallet has in each token. */
export function PositionRows({ rows, tokens, amount, label }: PositionRowsProps) {
  return (
    <ul aria-label={label} className="grid gap-1">
      {rows
        .filter((row) => row[amount] > 0n)
        .map((row) => {
          const token = tokens.find(({ address }) => address.toLowerCase() === row.token.toLowerCase());
          return (
            <li key={`${row.wallet} ${row.token}`} className="flex flex-wrap items-center justify-between gap-x-4">
              <Address address={row.wallet} label="wallet address" copyable={false} />
              <Money amount={row[amount]} decimals={token?.decimals ?? 0} {...(token && { symbol: token.symbol })} />
            </li>
          );
        })}
    </ul>
  );
}
