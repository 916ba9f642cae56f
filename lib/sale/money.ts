import { sameHex } from "@/lib/sale/hex";

/** The greatest value of a uint256; as a permit's maximum it means "no limit". */
export const MAX_UINT256 = 2n ** 256n - 1n;

/** The greatest value of a uint64, the contract's type of prices and times; as a time it means "no end". */
export const MAX_UINT64 = 2n ** 64n - 1n;

const THOUSANDS = /\B(?=(\d{3})+$)/g;

/** Turns "5" into "50", since amounts of money are read with two decimals. Nothing is ever cut off or rounded. */
function fractionText(digits: string): string {
  const significant = digits.replace(/0+$/, "");
  return significant === "" ? "" : `.${significant.padEnd(Math.min(2, digits.length), "0")}`;
}

/** Half of the world reads "5,000" as five, and the other half "1.125" as more than a thousand. */
const TWO_READINGS = /^[1-9]\d{0,2}([.,])\d{3}$/;

/** Adds zeros to an amount that could be read in two ways: "5,000.00", "1.1250". Without decimals, there is nothing to add. */
function withOneReading(text: string, decimals: number): string {
  const mark = TWO_READINGS.exec(text)?.[1];
  if (mark === ".") return `${text}0`;
  return mark === "," && decimals > 0 ? `${text}.${"0".repeat(Math.min(2, decimals))}` : text;
}

/**
 * An amount in a token's smallest units as exact text, e.g. (125500000n, 6) -> "125.50". The separators are fixed and do not depend on the
 * locale, so that server and browser render the same text, and the amount field reads it back as the same amount in every locale.
 */
export function formatAmount(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(THOUSANDS, ",");
  const text = `${whole}${fractionText(digits.slice(digits.length - decimals))}`;
  return `${value < 0n ? "-" : ""}${withOneReading(text, decimals)}`;
}

const MAGNITUDES = [
  { digits: 12, sign: "T" },
  { digits: 9, sign: "B" },
  { digits: 6, sign: "M" },
] as const;

/**
 * An amount from a million on in short, e.g. "1.23 M": three digits, cut off and not rounded up, so that a goal is never shown as reached too
 * early. Smaller ones are whole, and below a thousand have at most two decimals. The exact amount belongs beside it.
 */
export function roundedAmount(value: bigint, decimals: number): string {
  const whole = value / 10n ** BigInt(decimals);
  const magnitude = MAGNITUDES.find(({ digits }) => whole >= 10n ** BigInt(digits));
  if (!magnitude && whole < 1_000n && decimals > 2) return formatAmount(value / 10n ** BigInt(decimals - 2), 2);
  if (!magnitude) return formatAmount(whole, 0);
  const length = whole.toString().length - magnitude.digits;
  const places = Math.max(0, 3 - length);
  const shown = whole / 10n ** BigInt(magnitude.digits - places);
  return `${formatAmount(shown, places)} ${magnitude.sign}`;
}

/**
 * A decimal number of the configuration, such as "0.0215", in units of 10^-`decimals`. Undefined for anything else: thousands separators,
 * signs, exponents, more decimals.
 */
export function parseDecimal(text: string, decimals: number): bigint | undefined {
  const [, whole, fraction = ""] = /^(0|[1-9]\d{0,40})(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > decimals) return undefined;
  return BigInt(whole + fraction.padEnd(decimals, "0"));
}

/** The facts needed to write an amount of a payment token. Both are read from the token and never assumed. */
export interface TokenUnit {
  symbol: string;
  decimals: number;
}

/** An amount in smallest units as text with its symbol, e.g. "125.50 USDC". */
export function formatTokenAmount(amount: bigint, { symbol, decimals }: TokenUnit): string {
  return `${formatAmount(amount, decimals)} ${symbol}`;
}

/** More than any token has: wallets write an approval without a limit as the largest number, and tokens may lower that with each use. */
const UNLIMITED = 2n ** 128n;

/** What may be taken of a token, as text. */
export function formatApproval(amount: bigint, token: TokenUnit): string {
  return amount < UNLIMITED ? formatTokenAmount(amount, token) : `an unlimited amount of ${token.symbol}`;
}

/** A payment token, as far as naming it goes. */
export type NamedToken = Pick<TokenUnit, "symbol"> & { address: string };

/** The token with this address. */
export function tokenAt<Token extends { address: string }>(
  tokens: readonly Token[],
  address: string | undefined,
): Token | undefined {
  return tokens.find((token) => sameHex(token.address, address));
}

/**
 * The symbols of an amount over several tokens, which have equal value (sonar.md 4): "USDC and USDT", or "USDC or
 * USDT" for a price. Undefined while none is known.
 */
export function symbolsOf(tokens: readonly NamedToken[], word: "and" | "or" = "and"): string | undefined {
  const symbols = [...new Set(tokens.map(({ symbol }) => symbol))];
  return symbols.length === 0 ? undefined : symbols.join(` ${word} `);
}

/** The symbols of the tokens at these addresses, as far as they are known. */
export function symbolsAt(addresses: readonly string[], tokens: readonly NamedToken[]): string | undefined {
  return symbolsOf(tokens.filter((token) => addresses.some((address) => sameHex(address, token.address))));
}
