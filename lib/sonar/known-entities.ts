import "server-only";
import { processGlobal } from "@/lib/process-global";
import { sha256 } from "@/lib/sha256";

/**
 * How long a list counts as the present one for turning a foreign id away (milliseconds). Short: another instance may have seen a newer
 * one, with an entity that the user has just set up.
 */
const KNOWN_FOR_MS = 10_000;

interface Known {
  ids: ReadonlySet<string>;
  until: number;
}

/**
 * Whose a list is: one user's with one access token. Who reconnects with another account has other entities, and this instance may not
 * have seen it happen.
 */
export function ownerOf(userId: string, accessToken: string): string {
  return `${userId} ${sha256(accessToken)}`;
}

function memory(): Map<string, Known> {
  return processGlobal("known-entities", () => new Map<string, Known>());
}

/** Remembers the entities that Sonar has just listed for `owner` (see `ownerOf`). Time in milliseconds since 1970. */
export function rememberEntities(owner: string, ids: readonly string[], now: number): void {
  const known = memory();
  for (const [other, { until }] of known) if (until <= now) known.delete(other);
  known.set(owner, { ids: new Set(ids), until: now + KNOWN_FOR_MS });
}

/** "yes" or "no" while the owner's list is known, else "unknown". */
export function isOwnEntity(owner: string, entityID: string, now: number): "yes" | "no" | "unknown" {
  const known = memory().get(owner);
  if (!known || known.until <= now) return "unknown";
  return known.ids.has(entityID) ? "yes" : "no";
}
