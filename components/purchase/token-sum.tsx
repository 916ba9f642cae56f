import type { PaymentToken } from "@/lib/sale/sale-state";
import { symbolsAt } from "@/lib/sale/token-symbols";
import { Money } from "@/components/ui/money";

interface TokenSumProps {
  /** Smallest units, which are the same for all tokens of a sale (sonar.md 4). */
  amount: bigint;
  /** Addresses of the tokens that it is made of. */
  of: readonly string[];
  /** Of the sale. */
  tokens: readonly PaymentToken[];
}

/** An amount over one or several tokens, with the symbols of all of them. */
export function TokenSum({ amount, of, tokens }: TokenSumProps) {
  const symbol = symbolsAt(of, tokens);
  return <Money amount={amount} decimals={tokens[0]?.decimals ?? 0} symbol={symbol} />;
}
