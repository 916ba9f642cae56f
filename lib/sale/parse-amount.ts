import { formatAmount } from "@/lib/sale/amounts";
import { readDecimal, type DecimalMark } from "@/lib/sale/decimal-text";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/token";
import { MAX_UINT256 } from "@/lib/sale/uint";

/** What an amount has to fulfil; all in the token's smallest units. */
export interface AmountRules {
  token: TokenUnit;
  min?: bigint;
  max?: bigint;
  /** The amount must be a whole multiple of this. */
  step?: bigint;
  /** What the reader's locale writes before decimals; without it, an amount that could be read in two ways is refused. */
  decimalMark?: DecimalMark;
}

/** Every way in which an amount can be refused. */
export type AmountProblem =
  | "empty"
  | "not-a-number"
  | "ambiguous"
  | "negative"
  | "too-many-decimals"
  | "zero"
  | "under-min"
  | "over-max"
  | "not-a-multiple";

type CheckedAmount = Checked<bigint, AmountProblem>;

function tooManyDecimals({ symbol, decimals }: TokenUnit): CheckedAmount {
  const most = decimals === 0 ? "no decimals" : `at most ${decimals} decimals`;
  return refused("too-many-decimals", `${symbol} has ${most}; nothing is rounded for you.`);
}

function checkBounds(value: bigint, rules: AmountRules): CheckedAmount {
  const { token, min = 0n, max = MAX_UINT256, step } = rules;
  if (value === 0n) return refused("zero", "Enter an amount above zero.");
  if (value < min) return refused("under-min", `The least is ${formatTokenAmount(min, token)}.`);
  if (value > max) return refused("over-max", `The most is ${formatTokenAmount(max, token)}.`);
  if (step !== undefined && step > 0n && value % step !== 0n)
    return refused("not-a-multiple", `The amount must be a multiple of ${formatTokenAmount(step, token)}.`);
  return passed(value);
}

/**
 * The amount a person typed, in the token's smallest units. Exact: there are no floats on the way, which lose a unit for one in a hundred
 * amounts in cents, and nothing is ever rounded (sonar.md 6.2, no. 18).
 */
export function parseAmount(text: string, rules: AmountRules): CheckedAmount {
  const { token, decimalMark } = rules;
  const read = readDecimal(text, decimalMark);
  if (!read.ok) return read;
  const { negative, whole, fraction } = read.value;
  if (negative) return refused("negative", "Enter an amount above zero; a commitment cannot be lowered here.");
  if (fraction.length > token.decimals) return tooManyDecimals(token);
  return checkBounds(BigInt(whole + fraction.padEnd(token.decimals, "0")), rules);
}

/**
 * An amount as the text to put into the field, e.g. by a "Max" button: `parseAmount` reads it back as the same amount whatever the
 * reader's locale is. So it has no thousands separators, and never exactly three decimals where they could be taken for thousands.
 */
export function amountFieldText(value: bigint, decimals: number): string {
  const text = formatAmount(value, decimals).replaceAll(",", "");
  return /^[1-9]\d{0,2}\.\d{3}$/.test(text) ? `${text}0` : text;
}
