import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Database } from "@/lib/stores/database";
import { openStoreBench, postgres, type StoreBench } from "@/tests/support/database/store-bench";

const KEY = { provider: "sonar", userId: "ada" } as const;

let bench: StoreBench;

beforeAll(async () => {
  bench = await openStoreBench(postgres);
});

afterAll(() => bench.close());

/** The number of statements that wait for another's lock. */
async function waiting({ kysely }: Database): Promise<number> {
  const { rows } = await sql<{ waiters: number }>`
    select count(*) as waiters from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(kysely);
  return rows[0]?.waiters ?? 0;
}

it("a sign-out that comes while a connection is being stored waits for it, and then clears it", async () => {
  const { one, other } = bench;
  await one.sessions.create("session", "ada");
  // Another transaction has the same row in hand: the statement under test has seen the session and now waits.
  const inHand = await other.database.kysely.startTransaction().execute();
  const row = { provider: "sonar", user_id: "ada", sealed_tokens: "", version: "" } as const;
  await inHand
    .insertInto("connections")
    .values({ ...row, connected_at: 0, updated_at: 0, lease_until: 0, cooldown_until: 0 })
    .execute();
  const stored = one.tokens.set(KEY, { accessToken: "a" }, "session");
  await vi.waitFor(async () => expect(await waiting(other.database)).toBe(1));

  let signedOut = false;
  const signOut = other.sessions
    .revoke("session")
    .then(() => other.tokens.clear(KEY))
    .then(() => (signedOut = true));
  // Either it waits as well, or it was able to finish too early.
  await vi.waitFor(async () => expect(signedOut || (await waiting(other.database)) === 2).toBe(true));
  await inHand.rollback().execute();

  expect(await stored).toBe(true);
  await signOut;
  expect(await one.tokens.get(KEY)).toBeNull();
});
