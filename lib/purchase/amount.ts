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
const EXPONENT = refused("not-a-number", "Enter the number in full, like 1000000, and not with an exponent.");

/** Thousands in groups of three, one separator throughout. Spaces and apostrophes are written in some locales. */
const GROUPED = /^[1-9]\d{0,2}([.,' ])\d{3}(?:\1\d{3})*$/;

/** Lakhs and crores, as in India: groups of two before the last three digits. */
const GROUPED_AS_IN_INDIA = /^[1-9]\d?(?:,\d{2})+,\d{3}$/;

/** Either thousands or three decimals. A group cannot begin with 0, so 0,125 is clear. */
const TWO_READINGS = /^[1-9]\d{0,2}[.,]\d{3}$/;

/** The decimal mark beside Arabic digits. It has no other meaning. */
const ARABIC_DECIMAL = "٫";

/** Input methods, keyboards and spreadsheets have many characters for the marks of a number. */
const SAME_MARKS: readonly [pattern: RegExp, mark: string][] = [
  [/\p{Zs}/gu, " "],
  [/[．。｡﹒]/g, "."],
  [/[，、､﹐،]/g, ","],
  // The Arabic thousands separator has no other meaning either.
  [/[’‘ʼ＇′´`٬]/g, "'"],
  [/[−–—‐‑‒﹣－]/g, "-"],
  [/＄|﹩/g, "$"],
];

/** Marks that nobody sees: of direction, of zero width, soft hyphens, fillers of Hangul, and which look a character should have. */
const INVISIBLE = /[\p{Cf}\u034f\u115f\u1160\u3164\uffa0\ufe00-\ufe0f]/gu;

/** Text that is shown in another order than it is stored. */
const REORDERED = /[\u202d\u202e]/;

/** The digits of every script stand in rows of ten, from 0 to 9. */
function digitValue(digit: string): string {
  let code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    before += 1;
  }
  return String(before % 10);
}

/** The text as a person sees it, in the digits and marks of ASCII. */
function asSeen(text: string): string {
  const visible = text.replace(INVISIBLE, "").replace(/\p{Nd}/gu, digitValue);
  return SAME_MARKS.reduce((seen, [pattern, mark]) => seen.replace(pattern, mark), visible).trim();
}

/** True for a field in which a person sees nothing. */
export function isBlank(text: string): boolean {
  return asSeen(text) === "";
}

/** Without the unit that was written or pasted beside a number. Another unit stays, and the text is then no number. */
function withoutUnit(text: string, unit: string | undefined): string {
  if (unit === undefined) return text;
  const own = unit.replace(/ \(0x.*\)$/, "");
  const names = /USD/i.test(unit) ? [own, "US$", "USD", "$"] : [own];
  const isNamed = (part: string) => names.some((name) => name.toLowerCase() === part.toLowerCase());
  const [, before = "", number = text, after = ""] = /^([^\d.,'٫-]*)(.*?)([^\d.,'٫-]*)$/s.exec(text) ?? [];
  const parts = [before.trim(), after.trim()].filter((part) => part !== "");
  return parts.every(isNamed) ? number.trim() : text;
}

/** The index of the decimal mark, or -1 for a whole number; undefined where that is ambiguous. */
function decimalPlace(text: string, rules: DecimalRules): number | undefined {
  if (text.includes(ARABIC_DECIMAL)) return text.indexOf(ARABIC_DECIMAL);
  const marks = text.replace(/[^.,]/g, "");
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  if (marks.length === 1 && TWO_READINGS.test(text)) return agreedPlace(text, last, rules);
  const severalOfOneKind = marks.length > 1 && new Set(marks).size === 1;
  return severalOfOneKind ? -1 : last;
}

/**
 * This site writes 1,234.50. If the user's locale does too, nothing is unclear. If it writes 1.234,50 both readings are likely, and a guess
 * could be off by a factor of a thousand. Where nothing has decimals, the comma that this site writes separates thousands.
 */
function agreedPlace(text: string, place: number, { decimalMark, whole }: DecimalRules): number | undefined {
  if (whole && text[place] === ",") return -1;
  if (decimalMark !== ".") return undefined;
  return text[place] === "." ? place : -1;
}

function ambiguous(text: string, { whole }: DecimalRules) {
  const [thousands = "", rest = ""] = text.split(/[.,]/);
  const other = whole ? thousands : `${thousands}.${rest}0`;
  return refused("ambiguous", `“${text}” is ambiguous. Enter ${thousands}${rest} or ${other}.`);
}

function isWhole(text: string): boolean {
  return /^\d*$/.test(text) || GROUPED.test(text) || GROUPED_AS_IN_INDIA.test(text);
}

function splitAt(text: string, place: number): Checked<DecimalText, DecimalProblem> {
  const whole = place < 0 ? text : text.slice(0, place);
  const fraction = place < 0 ? "" : text.slice(place + 1);
  if (!/^\d*$/.test(fraction) || !isWhole(whole)) return NOT_A_NUMBER;
  return passed({
    negative: false,
    whole: whole.replace(/\D/g, "").padStart(1, "0"),
    fraction: fraction.replace(/0+$/, ""),
  });
}

/** How a number may be written. */
export interface DecimalRules {
  /** The decimal mark of the user's locale; without it, an ambiguous number is refused. */
  decimalMark?: DecimalMark;
  /** The symbol that may stand beside the number. */
  unit?: string;
  /** True for numbers that have no decimals. */
  whole?: boolean;
}

/**
 * Reads a number that a person wrote or pasted with a dot or a comma, with or without thousands separators, in the digits of any script. An
 * ambiguous one ("1,234") is refused, unless the user's locale writes numbers as this site does.
 */
export function readDecimal(text: string, rules: DecimalRules = {}): Checked<DecimalText, DecimalProblem> {
  // Marks that nobody sees may come with each digit.
  if (text.length > 8 * MAX_LENGTH || REORDERED.test(text)) return NOT_A_NUMBER;
  const seen = asSeen(text);
  if (seen === "") return refused("empty", "Nothing has been entered yet.");
  const trimmed = withoutUnit(seen, rules.unit);
  const unsigned = trimmed.replace(/^-\s*/, "");
  if (unsigned.length > MAX_LENGTH || !/\d/.test(unsigned)) return NOT_A_NUMBER;
  if (/^[\d.,]+e[+-]?\d+$/i.test(unsigned)) return EXPONENT;
  const place = decimalPlace(unsigned, rules);
  if (place === undefined) return ambiguous(unsigned, rules);
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
  const read = readDecimal(text, { decimalMark, unit: token.symbol, whole: token.decimals === 0 });
  if (!read.ok) return read;
  const { negative, whole, fraction } = read.value;
  if (negative) return refused("negative", "Enter an amount above zero. A commitment cannot be reduced.");
  if (fraction.length > token.decimals) return tooManyDecimals(token);
  const value = BigInt(whole + fraction.padEnd(token.decimals, "0"));
  return value === 0n ? refused("zero", "Enter an amount above zero.") : passed(value);
}

/**
 * An amount as text for the input field, e.g. for a "Max" button. `parseAmount` reads it back as the same amount in every locale. It has no
 * thousands separators, among which a person would have to edit.
 */
export function amountFieldText(value: bigint, decimals: number): string {
  return formatAmount(value, decimals).replaceAll(",", "").replace(/\.0+$/, "");
}
