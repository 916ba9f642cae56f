import "server-only";
import { z } from "zod";

/** Quotes of every kind, as they come along when a value is copied. */
export const QUOTES = "\"'`\u2018\u2019\u201c\u201d";

/** `docker run --env-file` and some dashboards keep the quotes that a `.env` file may have. */
function isQuoted(value: string): boolean {
  return value.length > 1 && QUOTES.includes(value.slice(0, 1)) && QUOTES.includes(value.slice(-1));
}

/** Text without blanks at its ends, and not in quotes. */
export const unquoted = z
  .string()
  .trim()
  .refine((value) => !isQuoted(value), "is in quotes: remove them");

/** A whole number in decimal digits, within limits. */
export function wholeNumber(minimum: number, maximum: number) {
  const range = `must be a whole number from ${minimum} to ${maximum}`;
  return unquoted
    .regex(/^\d{1,16}$/, range)
    .transform(Number)
    .pipe(z.number().min(minimum, range).max(maximum, range));
}
