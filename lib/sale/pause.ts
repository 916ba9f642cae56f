import "server-only";
import { getEnv } from "@/lib/config/env";
import { withTimeout } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";
import { readShared } from "@/lib/http/shared-read";
import { fail, success, type Result } from "@/lib/result";
import { getDatabase } from "@/lib/stores/database";
import { readSalePause } from "@/lib/stores/settings";

/**
 * True while this site gives no permits: SALE_PAUSED is set, or `npm run sale -- pause` was run. Read anew at every call, because a permit
 * cannot be taken back. Throws if the database cannot tell; its caller must then give no permit.
 */
export async function isPausedBySite(): Promise<boolean> {
  return getEnv().salePaused || (await readSalePause(await getDatabase())) !== undefined;
}

/** Pages promise to show a pause within five seconds, and their polling takes most of that (milliseconds). */
const FRESH_MS = 500;

/** The public state of the sale does not wait longer than this for the database (milliseconds). */
const PATIENCE_MS = 500;

/** Not logged: requests that need the database report its failure, and anonymous polls would repeat that every second. */
async function readForPages(): Promise<Result<boolean>> {
  try {
    return success(await isPausedBySite());
  } catch {
    return fail("request/unexpected");
  }
}

/**
 * The same for the pages of all visitors: at most half a second old, or the last that was read if the database does not answer. Not for
 * permits, which must not rely on an old answer.
 */
export async function showsPause(): Promise<boolean> {
  const known = processGlobal("sale-pause", () => ({ paused: false }));
  const times = { freshMs: FRESH_MS, renewingMs: FRESH_MS, keptMs: Infinity };
  const answer = await withTimeout(PATIENCE_MS, readShared({ name: "sale-pause", read: readForPages, ...times }));
  if (answer?.ok) known.paused = answer.data;
  return known.paused;
}
