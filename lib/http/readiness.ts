import "server-only";
import { processGlobal } from "@/lib/http/process-global";
import { getDatabase } from "@/lib/stores/database";
import { isMigrated } from "@/lib/stores/migrate";

/** A good answer is repeated for this long (milliseconds): anybody may ask, and each check reads the database's schema. */
const GOOD_FOR_MS = 3_000;

interface Readiness {
  /** Milliseconds since 1970. */
  goodUntil: number;
  checking?: Promise<boolean>;
}

async function check(): Promise<boolean> {
  try {
    return await isMigrated((await getDatabase()).kysely);
  } catch {
    return false;
  }
}

/** True if the database answers and has every migration. A good answer is repeated for three seconds, a bad one is not. */
export async function isReady(now: () => number = Date.now): Promise<boolean> {
  const known = processGlobal<Readiness>("readiness", () => ({ goodUntil: 0 }));
  if (now() < known.goodUntil) return true;
  known.checking ??= check().finally(() => delete known.checking);
  const ready = await known.checking;
  if (ready) known.goodUntil = now() + GOOD_FOR_MS;
  return ready;
}
