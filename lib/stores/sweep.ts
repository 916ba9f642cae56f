import "server-only";
import { processGlobal } from "@/lib/process-global";
import type { Database } from "@/lib/stores/database";

/** How often one process sweeps one table (milliseconds). */
const SWEEP_EVERY_MS = 60_000;

/**
 * Runs a sweep in passing, at most once a minute in this process: what has ended is not read anyway, and need not cost every sign-in a
 * search. `now` is in milliseconds since 1970.
 */
export async function sweepInPassing(
  database: Database,
  table: string,
  now: number,
  sweep: () => Promise<unknown>,
): Promise<void> {
  const all = processGlobal("sweeps", () => new WeakMap<Database, Map<string, number>>());
  const last = all.get(database) ?? new Map<string, number>();
  all.set(database, last);
  if (Math.abs(now - (last.get(table) ?? -Infinity)) < SWEEP_EVERY_MS) return;
  last.set(table, now);
  await sweep();
}
