import { formatAmount, symbolsAt } from "@/lib/sale/money";
import type { PaymentToken } from "@/lib/sale/state";

interface MoneyProps {
  /** In the token's smallest units. */
  amount: bigint;
  decimals: number;
  symbol?: string;
}

/** An exact amount. Its figures have equal widths, so that columns line up and a changing number does not move. */
export function Money({ amount, decimals, symbol }: MoneyProps) {
  const figure = formatAmount(amount, decimals);
  return (
    <span translate="no" className="tabular-nums">
      <span>{symbol ? `${figure} ` : figure}</span>
      {symbol && <span className="whitespace-nowrap text-text-quiet">{symbol}</span>}
    </span>
  );
}

interface TokenSumProps {
  /** In smallest units, which are the same for all tokens of a sale (sonar.md 4). */
  amount: bigint;
  /** Addresses of the tokens in the amount. */
  of: readonly string[];
  /** The sale's tokens. */
  tokens: readonly PaymentToken[];
}

/** An amount over one or several tokens, with the symbols of all of them. */
export function TokenSum({ amount, of, tokens }: TokenSumProps) {
  const symbol = symbolsAt(of, tokens);
  return <Money amount={amount} decimals={tokens[0]?.decimals ?? 0} symbol={symbol} />;
}
