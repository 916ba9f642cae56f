import pg from "pg";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import { credentialsEnvironment, startUpstream, type Upstream } from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import { freePort } from "@/tests/support/local-server";

async function query(databaseUrl: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

describe("/api/health", () => {
  let databaseUrl: string;
  let upstream: Upstream;
  let app: AppProcess;

  beforeAll(async () => {
    const port = await freePort();
    upstream = await startUpstream(appUrl(port));
    databaseUrl = await createDatabase();
    await migrateDatabase(databaseUrl);
    app = await startApp({ port, env: credentialsEnvironment(upstream, databaseUrl) });
    return async () => {
      await app.stop();
      await upstream.close();
    };
  });

  async function health(query = ""): Promise<unknown[]> {
    const response = await fetch(`${app.url}/api/health${query}`);
    expect(response.headers.get("cache-control")).toBe("no-store");
    return [response.status, await response.json()];
  }

  it("tells that the server lives and, when asked, that it is ready; and nothing else", async () => {
    expect(await health()).toEqual([200, { live: true }]);
    expect(await health("?ready")).toEqual([200, { live: true, ready: true }]);
  });

  it("does not depend on Echo", async () => {
    await upstream.sandbox.control.setFault({ endpoint: "*", effect: { kind: "reset" } });
    expect(await health("?ready")).toEqual([200, { live: true, ready: true }]);
    expect(upstream.gate.passages).toEqual([]);
  });

  /** An answer is up to a second old. */
  async function becomes(ready: boolean): Promise<void> {
    const expected = [ready ? 200 : 503, { live: true, ready }];
    await vi.waitFor(async () => expect(await health("?ready")).toEqual(expected), { timeout: 30_000, interval: 200 });
  }

  it("is not ready while a migration is missing", async () => {
    await query(databaseUrl, "alter table kysely_migration rename to put_aside");
    await becomes(false);
    await query(databaseUrl, "alter table put_aside rename to kysely_migration");
    await becomes(true);
  });

  it("is not ready when the database has gone, but lives, and so does the server", async () => {
    await query(inject("postgresUrl"), `drop database ${new URL(databaseUrl).pathname.slice(1)} with (force)`);
    await becomes(false);
    expect(await health()).toEqual([200, { live: true }]);
    expect(app.logs()).not.toContain(databaseUrl);
  });
});
