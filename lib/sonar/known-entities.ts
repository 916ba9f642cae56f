import "server-only";
import { processGlobal } from "@/lib/process-global";

/**
 * How long a list counts as the present one for turning a foreign id away (milliseconds). Short: another instance may have seen a newer
 * one, with an entity that the user has just set up.
 */
const KNOWN_FOR_MS = 10_000;

interface Known {
  ids: ReadonlySet<string>;
  until: number;
}

function memory(): Map<string, Known> {
  return processGlobal("known-entities", () => new Map<string, Known>());
}

/** Remembers the entities that Sonar has just listed for a user. Time in milliseconds since 1970. */
export function rememberEntities(userId: string, ids: readonly string[], now: number): void {
  const known = memory();
  for (const [user, { until }] of known) if (until <= now) known.delete(user);
  known.set(userId, { ids: new Set(ids), until: now + KNOWN_FOR_MS });
}

/** "yes" or "no" while the user's list is known, else "unknown". */
export function isOwnEntity(userId: string, entityID: string, now: number): "yes" | "no" | "unknown" {
  const known = memory().get(userId);
  if (!known || known.until <= now) return "unknown";
  return known.ids.has(entityID) ? "yes" : "no";
}
