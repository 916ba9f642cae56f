import "server-only";
import { getEnv, type Env } from "@/lib/config/env";
import { SINGLE_NETWORKS, visitorNetworks } from "@/lib/http/visitor-address";
import { getDatabase, sweepOccasionally, type Database } from "@/lib/stores/database";
import { sha256 } from "@/lib/stores/seal";

const WINDOW_MS = 60_000;

/** The kinds of calls that are limited per minute; the environment sets the limits. */
export type RateName = keyof Env["ratePerMinute"];

/**
 * Counts one use and tells if it is within the limit per minute. It is one upsert, so that all instances count together. The user, or
 * whatever else is counted by, is hashed, because this table outlives sessions.
 */
export async function countUse(
  database: Database,
  { name, userId, limit, now }: { name: string; userId: string; limit: number; now: number },
): Promise<boolean> {
  const windowStart = now - (now % WINDOW_MS);
  const { kysely: db } = database;
  const row = await db
    .insertInto("rates")
    .values({ key: sha256(`${name}|${userId}`), window_start: windowStart, count: 1 })
    .onConflict((conflict) =>
      conflict.column("key").doUpdateSet((eb) => ({
        count: eb
          .case()
          .when("rates.window_start", "=", eb.ref("excluded.window_start"))
          .then(eb("rates.count", "+", 1))
          .else(1)
          .end(),
        window_start: eb.ref("excluded.window_start"),
      })),
    )
    .returning("count")
    .executeTakeFirstOrThrow();
  await sweepOccasionally(database, "rates", now, () =>
    db
      .deleteFrom("rates")
      .where("window_start", "<", windowStart - WINDOW_MS)
      .execute(),
  );
  return row.count <= limit;
}

/** Counts one use by a user, and tells if it is within the limit of the current minute. */
export async function withinRate(name: RateName, userId: string): Promise<boolean> {
  return countUse(await getDatabase(), { name, userId, limit: getEnv().ratePerMinute[name], now: Date.now() });
}

/** Counts one sign-in for each network of a visitor, whom nobody has identified yet, and tells if all are within the limit of the current minute. */
export async function withinSignInRate(headers: Headers): Promise<boolean> {
  const database = await getDatabase();
  const { signIns } = getEnv().ratePerMinute;
  for (const [at, network] of visitorNetworks(headers).entries()) {
    const limit = at === 0 ? signIns : signIns * SINGLE_NETWORKS;
    if (!(await countUse(database, { name: "signIns", userId: network, limit, now: Date.now() }))) return false;
  }
  return true;
}
