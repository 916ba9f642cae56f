import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPool } from "@/lib/stores/postgres-pool";
import { createDatabase } from "@/tests/support/database/databases";
import { leaveReadOnly, startKeepingPooler } from "@/tests/support/database/keeping-pooler";

type Pool = Awaited<ReturnType<typeof openPool>>;

const LIMITED = `limited_${crypto.randomUUID().slice(0, 8)}`;
const PATIENCE = { waitMs: 5_000, queryTimeoutMs: 5_000 };

let url: string;
let owner: pg.Client;

beforeAll(async () => {
  url = await createDatabase();
  owner = new pg.Client(url);
  await owner.connect();
  await owner.query(`create role ${LIMITED} login password 'limited' connection limit 2`);
});
afterAll(async () => {
  await owner.query(`drop role ${LIMITED}`);
  await owner.end();
});

async function ask(pool: Pool, sql: string): Promise<unknown> {
  const client = await pool.connect();
  try {
    return (await client.query(sql, [])).rows;
  } finally {
    client.release();
  }
}

describe("a pool", () => {
  it("makes do with the connections that it has, while the server has no further one", async () => {
    const limited = Object.assign(new URL(url), { username: LIMITED, password: "limited" });
    const pool = await openPool(limited.href, { max: 4, ...PATIENCE });
    const asked = await Promise.all(Array.from({ length: 8 }, () => ask(pool, "select pg_sleep(0.1)")));
    expect(asked).toHaveLength(8);
    await pool.end();
  });

  it("keeps no connection that is read-only: new ones may not be any more", async () => {
    const pool = await openPool(url, { max: 1, ...PATIENCE });
    await ask(pool, "set default_transaction_read_only = on");
    await expect(ask(pool, "create table written (id int)")).rejects.toMatchObject({ code: "25006" });
    await expect(ask(pool, "create table written (id int)")).resolves.toEqual([]);
    await pool.end();
  });

  it("ends a read-only connection at the server: a pooler would keep it, and give it to the next statement", async () => {
    const pooler = await startKeepingPooler(url);
    await leaveReadOnly(pooler.url);
    const pool = await openPool(pooler.url, { max: 1, ...PATIENCE });
    await expect(ask(pool, "create table kept (id int)")).rejects.toMatchObject({ code: "25006" });
    await expect(ask(pool, "create table kept (id int)")).resolves.toEqual([]);
    await pool.end();
    await pooler.close();
  });
});
