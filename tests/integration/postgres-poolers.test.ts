import { connect, createServer, type Socket } from "node:net";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { isDatabaseOutage } from "@/lib/stores/database-outage";
import { databaseProblem } from "@/lib/stores/database-remedies";
import { createDatabase } from "@/tests/support/database/databases";
import { listenFor, type ProxyServer } from "@/tests/support/database/proxy-server";

/** An error message that ends a connection: https://www.postgresql.org/docs/current/protocol-error-fields.html */
function fatal(code: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C${code}\0Mwords of the pooler\0\0`;
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + fields.length);
  return Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)]);
}

/** A pooler that takes so many clients, and refuses the others with a code. */
async function startPooler(code: string, most: { clients: number }) {
  const target = await createDatabase();
  const { port, hostname } = new URL(target);
  const clients = new Set<Socket>();
  let refused = 0;
  const server = createServer((client) => {
    client.on("error", () => undefined);
    if (clients.size >= most.clients) {
      refused += 1;
      client.once("data", () => client.end(fatal(code)));
      return;
    }
    clients.add(client);
    const behind = connect(Number(port), hostname);
    behind.on("error", () => client.destroy());
    client.pipe(behind).pipe(client);
    client.once("close", () => {
      clients.delete(client);
      behind.destroy();
    });
  });
  const proxy = await listenFor(target, server, () => clients);
  return { ...proxy, refused: () => refused, endAll: () => clients.forEach((client) => client.end(fatal(code))) };
}

// Of the server itself, Supavisor and Neon's proxy, PgBouncer, and PgCat.
describe.each(["53300", "XX000", "08P01", "58000"])("a pooler that says %s", (code) => {
  let pooler: ProxyServer & { refused: () => number; endAll: () => void };
  let database: Database;
  const most = { clients: 2 };

  beforeEach(async () => {
    most.clients = 2;
    pooler = await startPooler(code, most);
    database = await openDatabase(pooler.url);
  });
  afterEach(async () => {
    await database.kysely.destroy();
    await pooler.close();
  });

  const ask = () => sql<{ one: number }>`select 1 as one from pg_sleep(0.02)`.execute(database.kysely);

  it("to further connections is made do with, by those that there are", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(answers.flatMap(({ rows }) => rows)).toEqual(Array.from({ length: 20 }, () => ({ one: 1 })));
    expect(pooler.refused()).toBeGreaterThan(0);
  });

  it("to all is an outage, and no bug, after which the server limits statements as before", async () => {
    most.clients = 0;
    const error = await ask().catch((reason: unknown) => reason);
    expect([error, isDatabaseOutage(error)]).toMatchObject([{ code }, true]);
    expect(databaseProblem("DATABASE_URL", error)).toMatch(/the (server has no connection left|pooler refuses)/);
    most.clients = 2;
    const { rows } = await sql<{ limited: boolean }>`
      select current_setting('statement_timeout') <> '0' as limited`.execute(database.kysely);
    expect(rows).toEqual([{ limited: true }]);
  });

  // The server itself says so to new connections only.
  it.runIf(code !== "53300")(
    "in the middle of a statement is one too, after which a new connection is made",
    async () => {
      const asked = sql`select pg_sleep(5)`.execute(database.kysely).catch((reason: unknown) => reason);
      await expect
        .poll(
          async () =>
            (
              await sql`select 1 from pg_stat_activity where query like 'select pg_sleep(5)%' and datname = current_database()`.execute(
                database.kysely,
              )
            ).rows.length,
        )
        .toBe(1);
      pooler.endAll();
      const error = await asked;
      expect([error, isDatabaseOutage(error)]).toMatchObject([{ code }, true]);
      expect((await ask()).rows).toEqual([{ one: 1 }]);
    },
  );
});
