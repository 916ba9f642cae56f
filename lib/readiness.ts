import "server-only";
import { processGlobal } from "@/lib/process-global";
import { getDatabase } from "@/lib/stores/database";
import { isMigrated } from "@/lib/stores/migrate";

/** How long a good answer is good for (milliseconds): anybody may ask, and each look at the migrations reads the database's schema. */
const GOOD_FOR_MS = 3_000;

interface Readiness {
  /** Milliseconds since 1970. */
  goodUntil: number;
  looking?: Promise<boolean>;
}

async function look(): Promise<boolean> {
  try {
    return await isMigrated((await getDatabase()).kysely);
  } catch {
    return false;
  }
}

/** Whether the database answers and has every migration; a good answer is repeated for three seconds, a bad one is not. */
export async function isReady(now: () => number = Date.now): Promise<boolean> {
  const known = processGlobal<Readiness>("readiness", () => ({ goodUntil: 0 }));
  if (now() < known.goodUntil) return true;
  known.looking ??= look().finally(() => delete known.looking);
  const ready = await known.looking;
  if (ready) known.goodUntil = now() + GOOD_FOR_MS;
  return ready;
}
