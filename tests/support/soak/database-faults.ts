import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { openDatabase } from "@/lib/stores/database";
import { notWritable } from "@/tests/support/database/database-failures";
import type { Postgres } from "@/tests/support/database/postgres";
import { randomInteger } from "@/tests/support/seeded-random";
import type { FaultLog } from "@/tests/support/soak/fault-log";
import type { SlowProxy } from "@/tests/support/soak/slow-proxy";
import { shuffled } from "@/tests/support/soak/upstream-faults";

/** The database of a soak. */
export interface SoakDatabase {
  postgres: Postgres;
  /** The site's database, past the proxy. */
  url: string;
  /** Between the instances and the database. */
  proxy: SlowProxy;
}

type Random = () => number;
type Break = (database: SoakDatabase, random: Random) => Promise<void>;

async function restart({ postgres }: SoakDatabase): Promise<void> {
  const start = await postgres.goDown();
  await start();
}

async function outage({ postgres }: SoakDatabase, random: Random): Promise<void> {
  const start = await postgres.goDown();
  await sleep(randomInteger(random, 4_000, 9_000));
  await start();
}

async function slow({ proxy }: SoakDatabase, random: Random): Promise<void> {
  proxy.delay(randomInteger(random, 150, 750));
  await sleep(randomInteger(random, 6_000, 12_000));
  proxy.delay(0);
}

async function readOnly({ url }: SoakDatabase, random: Random): Promise<void> {
  const database = await openDatabase(url);
  try {
    const repair = await notWritable.begin(database);
    await sleep(randomInteger(random, 5_000, 10_000));
    await repair();
  } finally {
    await database.kysely.destroy();
  }
}

/** Takes free connections until there is none, and closes those of the instances, which then find no other. */
async function takeConnections({ url }: SoakDatabase, random: Random): Promise<void> {
  const taken: pg.Client[] = [];
  const end = performance.now() + randomInteger(random, 5_000, 10_000);
  while (performance.now() < end) {
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      taken.push(client);
      const others = "datname = current_database() and application_name <> 'soak' and pid <> pg_backend_pid()";
      await client.query("set application_name = 'soak'");
      await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${others}`);
    } catch {
      await sleep(100);
    }
  }
  await Promise.all(taken.map((client) => client.end().catch(() => undefined)));
}

async function lock({ url }: SoakDatabase, random: Random): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("lock table connections in access exclusive mode");
    await sleep(randomInteger(random, 5_000, 10_000));
    await client.query("rollback");
  } finally {
    await client.end();
  }
}

const BREAKS: Readonly<Record<string, Break>> = {
  restart,
  outage,
  slow,
  "read-only": readOnly,
  "no connection left": takeConnections,
  "table locked": lock,
};

interface DatabaseLane {
  database: SoakDatabase;
  log: FaultLog;
  random: Random;
  isOver(): boolean;
}

/** Breaks the database in one way after another until the soak is over. */
export async function breakDatabase({ database, log, random, isOver }: DatabaseLane): Promise<void> {
  for (;;) {
    for (const [kind, run] of shuffled(random, Object.entries(BREAKS))) {
      await sleep(randomInteger(random, 5_000, 12_000));
      if (isOver()) return;
      const ended = log.begin("database", kind);
      await run(database, random);
      ended();
    }
  }
}
