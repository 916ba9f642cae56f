import "server-only";
import type { Database } from "@/lib/stores/database";

/** The most pending OAuth requests of one user. A person has a few tabs; a script could store a row with each request. */
const MOST_OAUTH_REQUESTS = 20;

/** The most sessions of one user. A person has a few devices; somebody who signs in over and over could store one each time. */
const MOST_SESSIONS = 100;

/** Rows that one call deletes at most: a user can have more than the limit only from before it was introduced. */
const MOST_AT_ONCE = 1_000;

/**
 * Deletes the oldest OAuth requests of a user, so that with the one about to be stored there are at most 20. Sign-ins that have begun belong
 * to no user (their id is empty) and are not touched: the limit per address bounds those.
 */
export async function makeRoomForOAuthRequest({ kysely: db }: Database, userId: string): Promise<void> {
  if (userId === "") return;
  const surplus = db
    .selectFrom("transactions")
    .select("state_hash")
    .where("user_id", "=", userId)
    .orderBy("expires_at", "desc")
    .orderBy("state_hash")
    .limit(MOST_AT_ONCE)
    .offset(MOST_OAUTH_REQUESTS - 1);
  await db.deleteFrom("transactions").where("state_hash", "in", surplus).execute();
}

/** Ends the sessions of a user that were used least lately, so that with the one about to be stored there are at most 100. */
export async function makeRoomForSession({ kysely: db }: Database, userId: string): Promise<void> {
  const surplus = db
    .selectFrom("sessions")
    .select("id_hash")
    .where("user_id", "=", userId)
    .orderBy("seen_at", "desc")
    .orderBy("id_hash")
    .limit(MOST_AT_ONCE)
    .offset(MOST_SESSIONS - 1);
  await db.deleteFrom("sessions").where("id_hash", "in", surplus).execute();
}
