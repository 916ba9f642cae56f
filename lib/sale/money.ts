const THOUSANDS = /\B(?=(\d{3})+$)/g;

/** "5" becomes "50", since an amount of money is read with two decimals; nothing is ever cut off or rounded. */
function fractionText(digits: string): string {
  const significant = digits.replace(/0+$/, "");
  return significant === "" ? "" : `.${significant.padEnd(Math.min(2, digits.length), "0")}`;
}

/**
 * An amount in a token's smallest units as exact text, e.g. (125500000n, 6) -> "125.50". The separators are fixed and
 * not the locale's, so that server and browser render the same text.
 */
export function formatAmount(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(THOUSANDS, ",");
  return `${value < 0n ? "-" : ""}${whole}${fractionText(digits.slice(digits.length - decimals))}`;
}

/** What is needed to write an amount of a payment token; both are read from the token, never assumed. */
export interface TokenUnit {
  symbol: string;
  decimals: number;
}

/** An amount in smallest units as text with its symbol, e.g. "125.50 USDC". */
export function formatTokenAmount(amount: bigint, { symbol, decimals }: TokenUnit): string {
  return `${formatAmount(amount, decimals)} ${symbol}`;
}

/** The greatest value of a uint256; as a permit's maximum it means "no limit". */
export const MAX_UINT256 = 2n ** 256n - 1n;

/** The greatest value of a uint64, the type of prices and times on the contract. */
export const MAX_UINT64 = 2n ** 64n - 1n;

/** Part of what the chain says of payment tokens. */
export type NamedToken = Pick<TokenUnit, "symbol"> & { address: string };

/** Symbols for an amount over several tokens, which are worth the same (sonar.md 4): "USDC and USDT". Undefined while none is known. */
export function symbolsOf(tokens: readonly NamedToken[]): string | undefined {
  const symbols = [...new Set(tokens.map(({ symbol }) => symbol))];
  return symbols.length === 0 ? undefined : symbols.join(" and ");
}

/** The symbols of the tokens at these addresses, as far as they are known. */
export function symbolsAt(addresses: readonly string[], tokens: readonly NamedToken[]): string | undefined {
  const wanted = new Set(addresses.map((address) => address.toLowerCase()));
  return symbolsOf(tokens.filter(({ address }) => wanted.has(address.toLowerCase())));
}
