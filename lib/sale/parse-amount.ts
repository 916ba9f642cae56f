import { formatAmount } from "@/lib/sale/amounts";
import { readDecimal, type DecimalMark } from "@/lib/sale/decimal-text";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import type { TokenUnit } from "@/lib/sale/token";

/** What an amount is of, and how its writer writes. */
export interface AmountRules {
  token: TokenUnit;
  /** What the reader's locale writes before decimals; without it, an amount that could be read in two ways is refused. */
  decimalMark?: DecimalMark;
}

/** Every way in which an amount can be refused. */
export type AmountProblem = "empty" | "not-a-number" | "ambiguous" | "negative" | "too-many-decimals" | "zero";

type CheckedAmount = Checked<bigint, AmountProblem>;

function tooManyDecimals({ symbol, decimals }: TokenUnit): CheckedAmount {
  const most = decimals === 0 ? "no decimals" : `at most ${decimals} decimals`;
  return refused("too-many-decimals", `${symbol} has ${most}; nothing is rounded for you.`);
}

/**
 * The amount a person typed, in the token's smallest units. Exact: there are no floats on the way (2.01 * 1e6 is 2009999.9999999998), and
 * nothing is ever rounded.
 */
export function parseAmount(text: string, { token, decimalMark }: AmountRules): CheckedAmount {
  const read = readDecimal(text, decimalMark);
  if (!read.ok) return read;
  const { negative, whole, fraction } = read.value;
  if (negative) return refused("negative", "Enter an amount above zero; a commitment cannot be lowered here.");
  if (fraction.length > token.decimals) return tooManyDecimals(token);
  const value = BigInt(whole + fraction.padEnd(token.decimals, "0"));
  return value === 0n ? refused("zero", "Enter an amount above zero.") : passed(value);
}

/**
 * An amount as the text to put into the field, e.g. by a "Max" button: `parseAmount` reads it back as the same amount whatever the
 * reader's locale is. So it has no thousands separators, and never exactly three decimals where they could be taken for thousands.
 */
export function amountFieldText(value: bigint, decimals: number): string {
  const text = formatAmount(value, decimals).replaceAll(",", "");
  return /^[1-9]\d{0,2}\.\d{3}$/.test(text) ? `${text}0` : text;
}
