import "server-only";
import { z } from "zod";
import { requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

// Fields of upstreams' answers, in the forms in which servers really write them. A server that changes from true to "true", or that
// omits an empty list, must not take a whole card away. Nothing is guessed: a value with two meanings stays unreadable.

const FLAGS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ["true", true],
  ["1", true],
  [1, true],
  ["false", false],
  ["0", false],
  [0, false],
]);

/** A boolean, also as text or as 1 and 0. */
export const flag = z.preprocess(
  (value) => FLAGS.get(typeof value === "string" ? value.trim().toLowerCase() : value) ?? value,
  z.boolean(),
);

/** A whole number from 0 to `most`, also as text. */
export function count(most = Number.MAX_SAFE_INTEGER) {
  const isDigits = (value: unknown) => typeof value === "string" && /^\s*\d{1,16}\s*$/.test(value);
  return z.preprocess((value) => (isDigits(value) ? Number(value) : value), z.int().min(0).max(most));
}

/** Text, also as a number. For ids, names and labels. */
export const text = z.preprocess((value) => (Number.isSafeInteger(value) ? String(value) : value), z.string());

/**
 * The decimal digits of a uint256. A number is accepted only while JSON can hold it exactly: a rounded amount must not be shown as the
 * amount.
 */
export const digits = text.pipe(
  z
    .string()
    .trim()
    .regex(/^\d{1,78}$/),
);

/** A field that may be absent. A null, a blank text and a value that cannot be read count as absent. */
export function optional<T>(schema: z.ZodType<T>) {
  const isBlank = (value: unknown) => value === null || (typeof value === "string" && value.trim() === "");
  return z.preprocess((value) => (isBlank(value) ? undefined : value), schema.optional()).catch(undefined);
}

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d+))?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** Seconds up to the year 5138, milliseconds from 1973 on, and so on. */
const EPOCH_UNITS = [
  { below: 1e11, milliseconds: 1_000 },
  { below: 1e14, milliseconds: 1 },
  { below: 1e17, milliseconds: 1e-3 },
  { below: 1e20, milliseconds: 1e-6 },
] as const;

function fromEpoch(value: number): number {
  const unit = EPOCH_UNITS.find(({ below }) => value < below);
  return unit ? value * unit.milliseconds : NaN;
}

/** JavaScript reads a time without a zone as local time. Servers that omit the zone mean UTC. */
function fromIso(value: string): number {
  // The form of HTTP's own headers (RFC 9110 section 5.6.7).
  if (/^[a-z]{3}, .+ GMT$/i.test(value)) return Date.parse(value);
  const [, day, time = "00:00", fraction = "", zone = "Z"] = ISO.exec(value) ?? [];
  if (day === undefined) return NaN;
  const offset = /^[+-]/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3).replace(":", "") || "00"}` : "Z";
  const seconds = time.length === 5 ? `${time}:00` : time;
  return Date.parse(`${day}T${seconds}.${fraction.slice(0, 3).padEnd(3, "0")}${offset}`);
}

/** Before this, a time is a server's zero value ("0001-01-01", 0) and not a moment. */
const EARLIEST = Date.UTC(1990);
const LATEST = Date.UTC(10_000);

function readTime(value: unknown): string | undefined {
  const written = typeof value === "string" ? value.trim() : value;
  const isEpoch = typeof written === "number" || (typeof written === "string" && /^\d{9,20}(?:\.\d+)?$/.test(written));
  const ms = isEpoch ? fromEpoch(Number(written)) : typeof written === "string" ? fromIso(written) : NaN;
  return ms >= EARLIEST && ms < LATEST ? new Date(ms).toISOString() : undefined;
}

/** A moment, as ISO 8601 in UTC. Accepts ISO 8601 with any or no zone (read as UTC), a day alone, HTTP's form, and Unix time in any unit. */
export const time = z.unknown().transform((value, context) => {
  const read = readTime(value);
  if (read !== undefined) return read;
  context.addIssue("is not a time");
  return z.NEVER;
});

/** The list is polled, so one fault of it is logged once in this process, with the name of the field and never with its value. */
function logLeftOut(list: string, { issues }: z.ZodError): void {
  const field = issues[0]?.path.filter((key) => typeof key === "string").join(".") || "row";
  const logged = processGlobal("left-out-rows", () => new Set<string>());
  const name = `${list} ${field}`;
  if (logged.has(name)) return;
  logged.add(name);
  requestLog("-").warn("upstream.row-left-out", { call: list, field });
}

/**
 * Ten times what this app asks for. A row costs up to a tenth of a millisecond of the thread that serves everybody, and an answer of 1 MB has
 * room for 300,000.
 */
const MOST_ROWS = 1_000;

const list = z.custom<readonly unknown[]>(
  (sent) => Array.isArray(sent) && sent.length <= MOST_ROWS,
  "is no list, or too long",
);

/** A list of which every item must be readable: reading ends at the first one that is not. */
export function items<T>(item: z.ZodType<T>) {
  return list.transform((sent, context) => {
    const all: T[] = [];
    for (const [at, one] of sent.entries()) {
      const read = item.safeParse(one);
      if (!read.success) {
        const path = [at, ...(read.error.issues[0]?.path ?? [])];
        context.addIssue({ code: "custom", message: "has an item that cannot be read", path });
        return z.NEVER;
      }
      all.push(read.data);
    }
    return all;
  });
}

/**
 * A list whose rows are read one by one: a row that cannot be read is left out and logged. A null or absent list is empty, and one of more than
 * `MOST_ROWS` is unreadable.
 */
export function rows<T>(name: string, row: z.ZodType<T>) {
  return list.nullish().transform((sent) =>
    (sent ?? []).flatMap((one) => {
      const read = row.safeParse(one);
      if (!read.success) logLeftOut(name, read.error);
      return read.success ? [read.data] : [];
    }),
  );
}

/**
 * An answer with a list, which may be absent. An answer that has fields, but none of these, is another answer altogether and no empty list.
 */
export function listAnswer<Shape extends z.ZodRawShape>(shape: Shape) {
  const isOurs = (body: object) => Object.keys(body).length === 0 || Object.keys(shape).some((name) => name in body);
  return z.looseObject({}).refine(isOurs, "is another answer").pipe(z.object(shape));
}

/** True for an error that came with a status of success: absent lists count as empty, but this is no empty list. */
export function isErrorBody(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  return ["error", "Error", "errors", "Errors"].some((name) => Boolean(Reflect.get(body, name)));
}
