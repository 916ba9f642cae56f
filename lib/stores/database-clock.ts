import "server-only";
import { withTimeout } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";

/** A reading is used for this long (milliseconds), then the database is asked again, behind the request that is under way. */
const READ_EVERY_MS = 30_000;

/** A process that was suspended notices it by its two clocks, which then disagree by more than this (milliseconds). */
const LARGEST_DRIFT_MS = 1_000;

/** Nobody waits longer for the first reading: a database that does not answer fails the request that follows (milliseconds). */
const PATIENCE_MS = 2_000;

/** The clocks of this process, in milliseconds. `monotonic` never jumps; `wall` is set by people and time servers. */
interface LocalClocks {
  monotonic(): number;
  wall(): number;
}

const LOCAL: LocalClocks = { monotonic: () => performance.now(), wall: Date.now };

interface Reading {
  /** Milliseconds since 1970. */
  database: number;
  monotonic: number;
  wall: number;
}

/**
 * The time of the database. Leases and expiry are compared by several instances, so one clock must count for all: with its own, an instance that
 * is 30 seconds ahead would take a lease that another still holds, and present a refresh token twice (RFC 9700 section 4.14.2).
 */
export interface DatabaseClock {
  /** Milliseconds since 1970; this process's own time until the database has been read. */
  now(): number;
  /** Reads the database's time if the last reading cannot be relied on. It never rejects. Call it before `now` counts. */
  settle(): Promise<void>;
}

/**
 * A clock that asks the database with `readTime` (milliseconds since 1970). Between two readings it follows this process's monotonic clock, so that
 * a step of the wall clock changes nothing.
 */
export function clockOf(readTime: () => Promise<number>, local: LocalClocks = LOCAL): DatabaseClock {
  let last: Reading | undefined;
  let reading: Promise<void> | undefined;
  const ask = async () => {
    const started = local.monotonic();
    const database = await readTime();
    // The server read its clock somewhere between question and answer.
    const monotonic = (started + local.monotonic()) / 2;
    last = { database, monotonic, wall: local.wall() - (local.monotonic() - monotonic) };
  };
  const read = () => {
    reading ??= ask()
      .catch(() => undefined)
      .finally(() => (reading = undefined));
    return reading;
  };
  const since = (clock: "monotonic" | "wall", { [clock]: then }: Reading) => local[clock]() - then;
  return {
    now: () => (last ? Math.round(last.database + since("monotonic", last)) : local.wall()),
    async settle() {
      const age = last ? since("monotonic", last) : Infinity;
      const drift = last ? Math.abs(since("wall", last) - age) : 0;
      if (!last || drift > LARGEST_DRIFT_MS) await withTimeout(PATIENCE_MS, read());
      else if (age > READ_EVERY_MS) void read();
    },
  };
}

/** The clock of a SQLite file: the machine's own, which every process that uses the file shares. */
export const machineClock: DatabaseClock = { now: () => Date.now(), settle: () => Promise.resolve() };

interface Slot {
  clock?: DatabaseClock;
}

function slot(): Slot {
  return processGlobal("database-clock", () => ({}));
}

/** Makes a clock the one of this process. */
export function adoptClock(clock: DatabaseClock): void {
  slot().clock = clock;
}

/** The database's time in milliseconds since 1970, for code that has no database at hand; this process's own before one was opened. */
export function databaseNow(): number {
  return slot().clock?.now() ?? Date.now();
}
