import { sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { createDatabase } from "@/tests/support/database/databases";
import { startRefusingPooler, type RefusingPooler } from "@/tests/support/database/database-failures";

/** The most connections that an instance has, besides the one for what is urgent. */
const POOL_SIZE = 4;

const ROUNDS = 4;

/** Milliseconds; short, so that a round of statements that wait in vain is soon over. */
const LIMIT = { queryTimeoutMs: 500 };

let url: string;
/** Holds the row that every statement wants. */
let holder: pg.Client;
let observer: pg.Client;
let instances: Database[] = [];

beforeEach(async () => {
  url = await createDatabase();
  const { kysely } = await openDatabase(url, { queryTimeoutMs: 0 });
  await migrate(kysely);
  await kysely.insertInto("sessions").values({ id_hash: "s", user_id: "ada", created_at: 0, seen_at: 0 }).execute();
  await kysely.destroy();
  holder = new pg.Client({ connectionString: url });
  observer = new pg.Client({ connectionString: url });
  await Promise.all([holder.connect(), observer.connect()]);
  await holder.query("begin");
  await holder.query("select * from sessions for update");
});

afterEach(async () => {
  await Promise.all(instances.map(({ kysely }) => kysely.destroy()));
  await Promise.all([holder.end(), observer.end()]);
});

async function openTwo(address: string, options = LIMIT): Promise<void> {
  instances = await Promise.all([openDatabase(address, options), openDatabase(address, options)]);
}

/** The server's processes that work for the instances; those that wait for a lock, or all of them. */
async function processes(which: "all" | "waiting"): Promise<number[]> {
  const { rows } = await observer.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() and application_name = '' and backend_type = 'client backend' and pid not in (pg_backend_pid(), $1)
       and ($2 = 'all' or wait_event_type = 'Lock')
     order by pid`,
    [await processOf(holder), which],
  );
  return rows.map(({ pid }) => pid);
}

async function processOf(client: pg.Client): Promise<number | undefined> {
  return (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid;
}

const touch = ({ kysely }: Database) => kysely.updateTable("sessions").set({ seen_at: 1 }).execute();

/** As many statements on each instance as fill its pool twice; returns what each came to. */
async function storm(): Promise<string[]> {
  const statements = instances.flatMap((instance) => Array.from({ length: 2 * POOL_SIZE }, () => touch(instance)));
  const ends = await Promise.allSettled(statements);
  return ends.map((end) => (end.status === "fulfilled" ? "done" : String(end.reason)));
}

/** Looks at the server all the time while `work` goes on; returns the most processes that were seen at once. */
async function mostDuring(work: Promise<unknown>): Promise<number> {
  let going = true;
  const done = work.finally(() => (going = false));
  let most = 0;
  while (going) most = Math.max(most, (await processes("all")).length);
  await done;
  return most;
}

/** Statements that want the row, in rounds, and whatever each came to. */
async function storms(): Promise<{ most: number; outcomes: Set<string> }> {
  const outcomes = new Set<string>();
  const most = await mostDuring(
    (async () => {
      for (let round = 0; round < ROUNDS; round++) for (const outcome of await storm()) outcomes.add(outcome);
    })(),
  );
  return { most, outcomes };
}

async function expectWork(): Promise<void> {
  await holder.query("rollback");
  expect(await storm()).toEqual(Array.from({ length: 4 * POOL_SIZE }, () => "done"));
  expect((await processes("all")).length).toBeLessThanOrEqual(2 * POOL_SIZE);
}

describe("while a row is locked, on a direct connection", () => {
  it("the server ends waiting statements, and the connections are kept", async () => {
    await openTwo(url);
    const first = await storms();
    expect(first.most).toBe(2 * POOL_SIZE);
    // A row that many want is waited for in two steps, each with the whole time for a lock; then the statement's own ends first.
    for (const outcome of first.outcomes) {
      expect(outcome).toMatch(/^error: canceling statement due to (lock|statement) timeout$/);
    }
    const before = await processes("all");
    await storm();
    expect(await processes("all")).toEqual(before);
    await expectWork();
  });

  it("the server ends a slow statement too", async () => {
    await openTwo(url);
    for (const { kysely } of instances) {
      await expect(sql`select pg_sleep(60)`.execute(kysely)).rejects.toThrow(
        "canceling statement due to statement timeout",
      );
    }
  });

  it("no limit, as for migrations, means none on the server either", async () => {
    await openTwo(url, { queryTimeoutMs: 0 });
    const { rows } = await sql<{ name: string; setting: string }>`
      select name, setting from pg_settings where name in ('lock_timeout', 'statement_timeout') order by name`.execute(
      instances[0]?.kysely ?? raise(),
    );
    expect(rows.map(({ setting }) => setting)).toEqual(["0", "0"]);
  });
});

describe("while a row is locked, through a pooler that accepts no settings", () => {
  let pooler: RefusingPooler;

  beforeEach(async () => {
    pooler = await startRefusingPooler(url);
    return () => pooler.close();
  });

  it("waiting statements are cancelled, and the server has no more processes than the pools have connections", async () => {
    await openTwo(pooler.url);
    const { most, outcomes } = await storms();
    expect(most).toBe(2 * POOL_SIZE);
    expect([...outcomes]).toEqual(["Error: Query read timeout"]);
    await vi.waitFor(() => expect(pooler.cancelled()).toBe(ROUNDS * 4 * POOL_SIZE));
    await vi.waitFor(async () => expect(await processes("waiting")).toEqual([]));
    expect(pooler.forgotten()).toBe(0);
    await expectWork();
  });

  it("a waiting statement is cancelled too if its connection breaks, which fails that statement and nothing else", async () => {
    await openTwo(pooler.url);
    const broken = instances.map(touch);
    await vi.waitFor(async () => expect(await processes("waiting")).toHaveLength(2));
    pooler.breakOpen();
    for (const { status } of await Promise.allSettled(broken)) expect(status).toBe("rejected");
    await vi.waitFor(async () => expect(await processes("all")).toEqual([]));
    await expectWork();
  });

  it("no other connection is opened until the server has released the cancelled statement", async () => {
    await openTwo(pooler.url);
    const release = pooler.holdCancels();
    const over = storm();
    await vi.waitFor(() => expect(pooler.cancelled()).toBe(2 * POOL_SIZE), { timeout: 10_000 });
    for (let looks = 0; looks < 25; looks++) expect((await processes("all")).length).toBe(2 * POOL_SIZE);
    release();
    await over;
    await vi.waitFor(async () => expect(await processes("waiting")).toEqual([]));
    expect(pooler.forgotten()).toBe(0);
    await expectWork();
  });

  it("has the time to pass a request on, even if nobody waits for that any more", async () => {
    await openTwo(pooler.url);
    const release = pooler.holdCancels();
    const over = storm();
    // The second half of the statements gets connections when the pools have given the first half up.
    await vi.waitFor(() => expect(pooler.cancelled()).toBe(4 * POOL_SIZE), { timeout: 20_000 });
    release();
    await over;
    await vi.waitFor(async () => expect(await processes("waiting")).toEqual([]));
    expect(pooler.forgotten()).toBe(0);
    await expectWork();
  });

  it("is asked again where it ignores a request", async () => {
    await openTwo(pooler.url);
    pooler.ignoreCancels(2 * POOL_SIZE);
    await storm();
    await vi.waitFor(async () => expect(await processes("waiting")).toEqual([]));
    await expectWork();
  });

  it("is asked for settings once by each pool, and never again", async () => {
    await openTwo(pooler.url);
    for (const instance of instances) await sql`select 1`.execute(instance.kysely);
    expect(pooler.refused()).toBe(instances.length);
    await storm();
    expect(pooler.refused()).toBe(instances.length);
  });

  it("connections that are refused together are all opened without settings", async () => {
    await openTwo(pooler.url);
    await holder.query("rollback");
    expect(new Set(await storm())).toEqual(new Set(["done"]));
  });
});

it("a connection that the server ends during a statement is not used for the next", async () => {
  await openTwo(url);
  const [instance] = instances;
  // Awaited from the start: the statement can fail before the server answers the request to end it.
  const broken = expect(touch(instance ?? raise())).rejects.toThrow();
  await vi.waitFor(async () => expect(await processes("waiting")).toHaveLength(1));
  await observer.query("select pg_terminate_backend($1)", await processes("waiting"));
  await broken;
  await expectWork();
});

function raise(): never {
  throw new Error("No instance is open");
}
