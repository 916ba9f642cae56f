import { formatAmount } from "@/lib/sale/amounts";

interface MoneyProps {
  /** In the token's smallest units. */
  amount: bigint;
  decimals: number;
  symbol?: string;
}

/** An exact amount; its figures are of equal width, so that columns line up and a changing number does not wobble. */
export function Money({ amount, decimals, symbol }: MoneyProps) {
  return (
    <span className="tabular-nums">
      {formatAmount(amount, decimals)}
      {symbol && (
        <>
          {" "}
          <span className="whitespace-nowrap text-text-quiet">{symbol}</span>
        </>
      )}
    </span>
  );
}
