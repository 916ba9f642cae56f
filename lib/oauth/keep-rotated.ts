import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { errorFields } from "@/lib/error-fields";
import type { Engine } from "@/lib/oauth/engine";
import type { TokenSet } from "@/lib/oauth/provider";
import type { ConnectionKey, StoredConnection } from "@/lib/stores/contracts";

/** Between two tries of a write that failed (milliseconds). */
const PAUSE_MS = 200;

interface Rotated {
  /** What the refresh began with. */
  seen: StoredConnection;
  /** What it has got. */
  tokens: TokenSet;
  /** End of the lease, in milliseconds since 1970: from then on another instance may refresh. */
  until: number;
}

/** Runs a write again for as long as it throws and there is time; then its last error is thrown. */
async function untilWritten<T>(
  engine: Engine,
  { provider }: ConnectionKey,
  until: number,
  write: () => Promise<T>,
): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (engine.now() + PAUSE_MS >= until) throw error;
      engine.log.warn("oauth.refresh.not-stored", { provider, ...errorFields(error) });
      await sleep(PAUSE_MS);
    }
  }
}

/**
 * Stores what a refresh has got, and tries again while the database is in trouble: with a provider that rotates, these are the only
 * tokens that are still good, and presenting the spent one again would end the connection (RFC 9700 section 4.14.2). Repeating is
 * harmless, since the write goes by the version seen. `null`: that version is gone.
 */
export async function keepRotated(
  engine: Engine,
  key: ConnectionKey,
  { seen, tokens, until }: Rotated,
): Promise<StoredConnection | null> {
  const version = await untilWritten(engine, key, until, () => engine.tokens.replace(key, seen.version, tokens));
  if (version !== null) return { ...seen, tokens, version };
  const stored = await engine.tokens.get(key);
  // A write whose answer was lost may have been done all the same.
  return stored?.tokens.accessToken === tokens.accessToken ? stored : null;
}
