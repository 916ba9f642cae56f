import "server-only";

/** Random secrets of the lengths that are asked for have more: 16 random bytes, or 32 random decimal digits, practically always do. */
const FEWEST_DISTINCT = 6;

/** The part of its places at which a secret may follow a rule. Random ones stay far below, even those of ten digits only. */
const MOST_REPEATED = 0.75;
const MOST_COUNTED = 0.5;

function shareOf(values: readonly number[], holds: (value: number, index: number) => boolean): number {
  return values.filter(holds).length / values.length;
}

/** `abcabcabc`, and a pattern with a few places changed. */
function repeatsItself(values: readonly number[]): boolean {
  const periods = Array.from({ length: Math.floor(values.length / 2) }, (_, index) => index + 1);
  return periods.some((period) => {
    const later = values.slice(period);
    return shareOf(later, (value, index) => value === values[index]) >= MOST_REPEATED;
  });
}

/** `abcdef`, `9876`, `aabbcc`, `acegik`: one and the same step leads from most values to the next. */
function counts(values: readonly number[]): boolean {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.some((step) => shareOf(steps, (other) => other === step) >= MOST_COUNTED);
}

const KEYBOARD = "1234567890qwertyuiopasdfghjklzxcvbnm";

/** `qwertyuiop`: keys beside each other. Other characters are far from all keys and from each other. */
function keyPlaces(text: string): number[] {
  return [...text.toLowerCase()].map((character, index) => {
    const place = KEYBOARD.indexOf(character);
    return place < 0 ? -1_000 * (index + 1) ** 2 : place;
  });
}

function isGuessable(values: readonly number[]): boolean {
  return new Set(values).size < FEWEST_DISTINCT || repeatsItself(values) || counts(values);
}

/**
 * True if a secret was typed and not drawn: one character again and again, a few characters, a repeated pattern, a sequence. Whoever tries such
 * secrets first could make sessions or open tokens. A sentence is not recognised, because a random text cannot be told from it.
 */
export function isGuessableText(text: string): boolean {
  const lower = [...text.toLowerCase()].map((character) => character.codePointAt(0) ?? 0);
  return isGuessable(lower) || counts(keyPlaces(text));
}

/** The same for the bytes of a key, whose text may look random in base64; and for a text of which the key is the base64 form. */
export function isGuessableKey(bytes: Uint8Array): boolean {
  return isGuessable([...bytes]) || isGuessableText(Buffer.from(bytes).toString("latin1"));
}

/** True for bytes in base64, or base64url, of one of the lengths. Zeros alone are a placeholder. */
export function isKey(value: string, lengths: readonly number[]): boolean {
  const bytes = Buffer.from(value, "base64");
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) && lengths.includes(bytes.length) && bytes.some((byte) => byte !== 0);
}
