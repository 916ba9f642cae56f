import { formatAmount } from "@/lib/sale/amounts";

/** What is needed to write an amount of a payment token; both are read from the token, never assumed. */
export interface TokenUnit {
  symbol: string;
  decimals: number;
}

/** An amount in smallest units as text with its symbol, e.g. "125.50 USDC". */
export function formatTokenAmount(amount: bigint, { symbol, decimals }: TokenUnit): string {
  return `${formatAmount(amount, decimals)} ${symbol}`;
}
