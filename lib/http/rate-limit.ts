import "server-only";
import { sql } from "kysely";
import { getEnv, type Env } from "@/lib/config/env";
import type { FailureCode } from "@/lib/failures";
import { keyedHash } from "@/lib/http/keyed-hash";
import { databaseWatch } from "@/lib/http/database-watch";
import { errorFields, isDueRarely, requestLog, type LogFields } from "@/lib/http/log";
import { count } from "@/lib/http/metrics";
import { processGlobal } from "@/lib/http/process-global";
import { SINGLE_NETWORKS, visitorNetworks } from "@/lib/http/visitor-address";
import { fail, success, type Result } from "@/lib/result";
import { getDatabase, type Database } from "@/lib/stores/database";
import { databaseNow } from "@/lib/stores/database-clock";
import { sweepOccasionally } from "@/lib/stores/sweep";

const WINDOW_MS = 60_000;

/** The kinds of calls that are limited per minute; the environment sets the limits. */
export type RateName = keyof Env["ratePerMinute"];

/** One count that a call adds to. */
export interface Use {
  /** A `RateName`, or one of a fork's own. */
  name: string;
  /** The user or the network that is counted. */
  by: string;
  limit: number;
}

interface Counting {
  /** Counts are stored under a keyed hash, because they outlive sessions and tell who was here. */
  secret: string;
  /** Milliseconds since 1970. */
  now: number;
}

const keyOf = (secret: string, { name, by }: Use) => keyedHash(secret, "rates", `${name}|${by}`);

/**
 * Counts one call, and tells if it is within all of its limits of the current minute. `uses` go from the narrowest to the widest: where a
 * narrow one is used up, the wider ones do not count, so that one user cannot use up the limit of a whole network. It is one statement, so that
 * all instances count together and a call waits once; rows are locked from narrow to wide, so that no two calls wait for each other.
 */
export async function countUses(database: Database, uses: readonly Use[], { secret, now }: Counting): Promise<boolean> {
  const windowStart = now - (now % WINDOW_MS);
  const counts = uses.map((use) => ({ key: keyOf(secret, use), limit: use.limit }));
  const usedUp = ({ key, limit }: (typeof counts)[number]) =>
    sql`exists (select 1 from rates where key = ${key} and window_start = ${windowStart} and count >= ${limit})`;
  const rows = counts.map(({ key }, at) => {
    const narrower = counts.slice(0, at).map((count) => sql`not ${usedUp(count)}`);
    const isCounted = narrower.length > 0 ? sql.join(narrower, sql` and `) : sql`1 = 1`;
    return sql`select cast(${key} as text), cast(${windowStart} as bigint), 1 where ${isCounted}`;
  });
  const counted = await sql<{ key: string; count: number }>`
    insert into rates (key, window_start, count) ${sql.join(rows, sql` union all `)}
    on conflict (key) do update set
      count = case when rates.window_start = excluded.window_start then rates.count + 1 else 1 end,
      window_start = excluded.window_start
    returning key, count`.execute(database.kysely);
  await sweepOccasionally(database, ["rates"], now);
  const found = new Map(counted.rows.map(({ key, count }) => [key, count]));
  return counts.every(({ key, limit }) => (found.get(key) ?? Infinity) <= limit);
}

/** What this process knows by itself of one minute. */
interface Minute {
  windowStart: number;
  /** Callers that were refused. They are refused from memory, so that a flood does not reach the database. */
  refused: Set<string>;
  /** Uses that the database could not count. */
  counts: Map<string, number>;
}

/** Callers of each kind that are remembered. */
const MOST_CALLERS = 10_000;

function minuteOf(now: number): Minute {
  const newMinute = (windowStart: number): Minute => ({ windowStart, refused: new Set(), counts: new Map() });
  const minute = processGlobal<Minute>("rates-of-minute", () => newMinute(0));
  const windowStart = now - (now % WINDOW_MS);
  if (minute.windowStart !== windowStart) Object.assign(minute, newMinute(windowStart));
  return minute;
}

type Count = (uses: readonly Use[], counting: Counting) => Promise<boolean>;

const countInDatabase: Count = async (uses, counting) => countUses(await getDatabase(), uses, counting);

/** Counts for this process alone. */
function countHere(uses: readonly Use[], now: number): boolean {
  const { counts } = minuteOf(now);
  return uses.every(({ name, by, limit }) => {
    const key = `${name}|${by}`;
    const used = (counts.get(key) ?? 0) + 1;
    if (used > 1 || counts.size < MOST_CALLERS) counts.set(key, used);
    return used <= limit;
  });
}

/**
 * Counts a read, which needs no write but this one: with a database that takes none, users still see what they have committed, and can cancel it.
 * This process then counts alone, so that an outage is no way round the limit.
 */
const countRead: Count = async (uses, counting) => {
  // Each refusal would cost a connection.
  const canStore = (await databaseWatch()?.canStore()) !== false;
  try {
    if (canStore) return await countInDatabase(uses, counting);
    noteUncounted({});
  } catch (error) {
    noteUncounted(errorFields(error));
  }
  return countHere(uses, counting.now);
};

function noteUncounted(fields: LogFields): void {
  if (isDueRarely(`rates.not-counted ${fields.errorCode}`)) requestLog("-").warn("rates.not-counted", fields);
}

/** Seconds up to the end of the current minute, at least one: the value of `Retry-After`. */
function retryAfterSeconds(now: number): number {
  return Math.ceil((WINDOW_MS - (now % WINDOW_MS)) / 1_000);
}

async function check(
  code: FailureCode,
  uses: readonly Use[],
  isWithin: Count = countInDatabase,
): Promise<Result<void>> {
  const now = databaseNow();
  const { refused } = minuteOf(now);
  const caller = uses.map(({ name, by }) => `${name}|${by}`).join("|");
  const within = !refused.has(caller) && (await isWithin(uses, { secret: getEnv().sessionSecret, now }));
  if (within) return success(undefined);
  if (refused.size < MOST_CALLERS) refused.add(caller);
  count("app.refusals", { "app.reason": uses[0]?.name });
  return fail(code, { retryAfter: retryAfterSeconds(now) });
}

function countedBy(name: RateName, by: string): Use {
  return { name, by, limit: getEnv().ratePerMinute[name] };
}

/** One use for each network of a visitor, the single one first. */
function usesByNetwork(name: RateName, headers: Headers): Use[] {
  const { trustedProxies } = getEnv();
  return visitorNetworks(headers, trustedProxies).map((network, at) => {
    const use = countedBy(name, network);
    return at === 0 ? use : { ...use, limit: use.limit * SINGLE_NETWORKS };
  });
}

/** Counts a call of a user. Fails with `api/rate_limited`. Only a read is made though the database cannot count it. */
export function checkRate(name: RateName, userId: string): Promise<Result<void>> {
  return check("api/rate_limited", [countedBy(name, userId)], name === "reads" ? countRead : countInDatabase);
}

/** Counts a connection that a user begins, for the user and for the visitor's networks: anybody can be a new demo user each time. Fails with `api/rate_limited`. */
export function checkConnectRate(userId: string, headers: Headers): Promise<Result<void>> {
  return check("api/rate_limited", [countedBy("connect", userId), ...usesByNetwork("connectsByAddress", headers)]);
}

/** Counts a sign-in for the networks of a visitor, whom nobody has identified yet. Fails with `login/too_many`. */
export function checkSignInRate(headers: Headers): Promise<Result<void>> {
  return check("login/too_many", usesByNetwork("signIns", headers));
}

/** Counts a callback of a provider or an identity provider, before anything is looked up: states can be guessed by anybody. Fails with `code`. */
export function checkCallbackRate(
  code: "api/rate_limited" | "login/too_many",
  headers: Headers,
): Promise<Result<void>> {
  return check(code, usesByNetwork("callbacks", headers));
}
