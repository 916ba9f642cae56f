import { passed, refused, type Checked } from "@/lib/sale/problem";
import { formatAmount, type TokenUnit } from "@/lib/sale/money";

/** The character before the decimals. */
export type DecimalMark = "." | ",";

/** A decimal number in digits, exactly as written. */
export interface DecimalText {
  negative: boolean;
  /** At least one digit; may have leading zeros. */
  whole: string;
  /** Without trailing zeros, which carry nothing; may be empty. */
  fraction: string;
}

type DecimalProblem = "empty" | "not-a-number" | "ambiguous";

/** Longer than any uint256 with separators. Without a limit, a long paste could block the page. */
const MAX_LENGTH = 120;

const NOT_A_NUMBER = refused("not-a-number", "Enter a number in digits, like 1234.50.");

/** Thousands in groups of three, one separator throughout. Spaces and apostrophes are written in some locales. */
const GROUPED = /^[1-9]\d{0,2}([.,'’ \u00a0\u202f])\d{3}(?:\1\d{3})*$/;

/** Either thousands or three decimals. A group cannot begin with 0, so 0,125 is clear. */
const TWO_READINGS = /^[1-9]\d{0,2}[.,]\d{3}$/;

/** The index of the decimal mark, or -1 for a whole number; undefined where that is ambiguous. */
function decimalPlace(text: string, mark: DecimalMark | undefined): number | undefined {
  const marks = text.replace(/[^.,]/g, "");
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (marks.length === 1 && TWO_READINGS.test(text)) return agreedPlace(text, last, mark);
  const severalOfOneKind = marks.length > 1 && new Set(marks).size === 1;
  return severalOfOneKind ? -1 : last;
}

/**
 * This site writes 1,234.50. If the user's locale does too, nothing is unclear. If it writes 1.234,50 both readings are likely, and a guess
 * could be off by a factor of a thousand.
 */
function agreedPlace(text: string, place: number, mark: DecimalMark | undefined): number | undefined {
  if (mark !== ".") return undefined;
  return text[place] === "." ? place : -1;
}

function ambiguous(text: string) {
  const [thousands = "", rest = ""] = text.split(/[.,]/);
  return refused("ambiguous", `“${text}” is ambiguous. Enter ${thousands}${rest} or ${thousands}.${rest}0.`);
}

function splitAt(text: string, place: number): Checked<DecimalText, DecimalProblem> {
  const whole = place < 0 ? text : text.slice(0, place);
  const fraction = place < 0 ? "" : text.slice(place + 1);
  if (!/^\d*$/.test(fraction) || !/^\d*$/.test(whole.replace(GROUPED, ""))) return NOT_A_NUMBER;
  return passed({
    negative: false,
    whole: whole.replace(/\D/g, "").padStart(1, "0"),
    fraction: fraction.replace(/0+$/, ""),
  });
}

/**
 * Reads a number that a person wrote with a dot or a comma, with or without thousands separators. An ambiguous one ("1,234") is refused,
 * unless `mark` says that the user's locale writes numbers as this site does.
 */
export function readDecimal(text: string, mark?: DecimalMark): Checked<DecimalText, DecimalProblem> {
  const trimmed = text.trim();
  if (trimmed === "") return refused("empty", "Nothing has been entered yet.");
  const unsigned = trimmed.replace(/^[-−]\s*/, "");
  if (unsigned.length > MAX_LENGTH || !/\d/.test(unsigned)) return NOT_A_NUMBER;
  const place = decimalPlace(unsigned, mark);
  if (place === undefined) return ambiguous(unsigned);
  const number = splitAt(unsigned, place);
  return number.ok ? passed({ ...number.value, negative: unsigned !== trimmed }) : number;
}

/** The token that an amount is of, and its writer's decimal mark. */
export interface AmountRules {
  token: TokenUnit;
  /** The decimal mark of the user's locale; without it, an ambiguous amount is refused. */
  decimalMark?: DecimalMark;
}

/** Everything that can be wrong with an amount. */
export type AmountProblem = "empty" | "not-a-number" | "ambiguous" | "negative" | "too-many-decimals" | "zero";

type CheckedAmount = Checked<bigint, AmountProblem>;

function tooManyDecimals({ symbol, decimals }: TokenUnit): CheckedAmount {
  const sentence =
    decimals === 0
      ? `${symbol} has no decimals. Enter a whole number.`
      : `${symbol} has at most ${decimals} decimals. Enter fewer decimals.`;
  return refused("too-many-decimals", sentence);
}

/**
 * The amount that a person typed, in the token's smallest units. It is exact: no floats are involved (2.01 * 1e6 is 2009999.9999999998), and
 * nothing is ever rounded.
 */
export function parseAmount(text: string, { token, decimalMark }: AmountRules): CheckedAmount {
  const read = readDecimal(text, decimalMark);
  if (!read.ok) return read;
  const { negative, whole, fraction } = read.value;
  if (negative) return refused("negative", "Enter an amount above zero. A commitment cannot be reduced.");
  if (fraction.length > token.decimals) return tooManyDecimals(token);
  const value = BigInt(whole + fraction.padEnd(token.decimals, "0"));
  return value === 0n ? refused("zero", "Enter an amount above zero.") : passed(value);
}

/**
 * An amount as text for the input field, e.g. for a "Max" button. `parseAmount` reads it back as the same amount in every locale, so it has no
 * thousands separators, and never exactly three decimals that could be taken for thousands.
 */
export function amountFieldText(value: bigint, decimals: number): string {
  const text = formatAmount(value, decimals).replaceAll(",", "");
  return /^[1-9]\d{0,2}\.\d{3}$/.test(text) ? `${text}0` : text;
}
