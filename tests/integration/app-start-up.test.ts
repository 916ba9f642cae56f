import pg from "pg";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { ownSamples } from "@/lib/config/own-settings";
import { credentialsEnvironment, startUpstream, type Upstream } from "@/tests/support/app/app-bench";
import { appUrl, launchApp, startApp, untilReady } from "@/tests/support/app/app-process";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** The advisory lock that Kysely holds while it migrates. */
const MIGRATION_LOCK = "3853314791062309107";

/** Milliseconds. */
const PATIENCE = { timeout: 20_000 };

describe("a production server", () => {
  const folder = temporaryFolder();
  let port: number;
  let upstream: Upstream;
  let good: Record<string, string>;

  beforeAll(async () => {
    port = await freePort();
    upstream = await startUpstream(appUrl(port));
    good = credentialsEnvironment(upstream, `file:${folder.path}/app.db`);
    return async () => {
      await upstream.close();
      folder.remove();
    };
  });

  /** Starts it and waits for its end. */
  async function refusal(env: Readonly<Record<string, string>>): Promise<{ exitCode: number | null; output: string }> {
    const app = launchApp(port, env);
    // If it does start, it must not keep running.
    onTestFinished(() => app.stop());
    const exitCode = await app.exitCode;
    return { exitCode, output: app.logs() };
  }

  it("on Vercel refuses to start without a Postgres, and says why", async () => {
    const { DATABASE_URL: _, ...rest } = good;
    const { exitCode, output } = await refusal({ ...rest, VERCEL: "1" });
    expect(exitCode).toBe(1);
    expect(output).toContain("DATABASE_URL must be a postgres:// URL on Vercel");
    expect(output).toContain("read-only");
  });

  it("on Vercel takes no database file either", async () => {
    const { exitCode, output } = await refusal({ ...good, VERCEL: "1" });
    expect([exitCode, output]).toEqual([
      1,
      expect.stringContaining("DATABASE_URL must be a postgres:// URL on Vercel"),
    ]);
  });

  it("with a bad environment prints every problem and no value, and ends with code 1", async () => {
    const bad = {
      APP_URL: "http://canary-app.example",
      SONAR_CLIENT_UUID: "canary-client",
      SONAR_SALE_UUID: "00000000-0000-0000-0000-000000000000",
      SESSION_SECRET: "canary-secret",
      TOKEN_ENCRYPTION_KEY: "canary-key",
      DATABASE_URL: "mysql://canary-database",
      UPSTREAM_TIMEOUT_MS: "canary-timeout",
      SANDBOX: "canary-sandbox",
    };
    const { exitCode, output } = await refusal({ ...ownSamples, ...bad });
    expect(exitCode).toBe(1);
    for (const variable of Object.keys(bad)) expect(output).toContain(`${variable} `);
    expect(output).toContain(`${Object.keys(bad).length} problem(s)`);
    expect(output).not.toContain("canary");
  });

  it("without any environment names what it needs", async () => {
    const { exitCode, output } = await refusal({ APP_URL: "" });
    expect(exitCode).toBe(1);
    const needed = ["APP_URL", "SONAR_CLIENT_UUID", "SONAR_SALE_UUID", "SESSION_SECRET", "TOKEN_ENCRYPTION_KEY"];
    for (const variable of needed) expect(output).toContain(`${variable} is missing`);
  });

  it("on a Postgres without migrations refuses to start and names the command; after it, it starts", async () => {
    const env = { ...good, DATABASE_URL: await createDatabase() };
    const { exitCode, output } = await refusal(env);
    expect([exitCode, output]).toEqual([1, expect.stringContaining("npm run db:migrate")]);
    await migrateDatabase(env.DATABASE_URL);
    const app = await startApp({ port, env, readyPath: "/api/health?ready" });
    onTestFinished(() => app.stop());
  });

  it("migrates with MIGRATE_ON_START over the direct URL, one server at a time, and all of them come up", async () => {
    const direct = await createDatabase();
    const holder = new pg.Client({ connectionString: direct });
    await holder.connect();
    onTestFinished(() => holder.end());
    await holder.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    const readOnly = Object.assign(new URL(direct), {
      search: "?options=-c%20default_transaction_read_only%3Don",
    }).href;
    const env = { ...good, DATABASE_URL: readOnly, DATABASE_DIRECT_URL: direct, MIGRATE_ON_START: "1" };
    const apps = [port, await freePort()].map((at) => launchApp(at, env));
    onTestFinished(async () => void (await Promise.all(apps.map((app) => app.stop()))));

    // Both have found no tables, and want to make them.
    await vi.waitFor(async () => {
      const { rows } = await holder.query(
        "select 1 from pg_stat_activity where wait_event = 'advisory' and datname = current_database()",
      );
      expect(rows, apps.map((app) => app.logs()).join("")).toHaveLength(2);
    }, PATIENCE);
    await holder.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]);

    await Promise.all(apps.map((app) => untilReady(app, `${app.url}/api/health`)));
    const { rows } = await holder.query("select name from kysely_migration order by name limit 1");
    expect(rows).toEqual([{ name: "0001-first-tables" }]);
  });

  it("with a Postgres that is not there refuses to start", async () => {
    const nowhere = `postgres://owner:canary-password@127.0.0.1:${await freePort()}/app`;
    const { exitCode, output } = await refusal({ ...good, DATABASE_URL: nowhere });
    expect(exitCode).toBe(1);
    expect(output).toContain("ECONNREFUSED");
    expect(output).not.toContain("canary");
  });

  it("does not start the sandbox unless it is asked for by name", async () => {
    const sandboxPort = await freePort();
    const { SANDBOX: _, ...rest } = good;
    const app = await startApp({ port, env: { ...rest, SANDBOX_PORT: String(sandboxPort) } });
    onTestFinished(() => app.stop());
    const page = await (await fetch(app.url)).text();
    expect(page).toContain("Sign in");
    expect(page).not.toMatch(/sandbox/i);
    await expect(fetch(`http://127.0.0.1:${sandboxPort}/sandbox/health`)).rejects.toThrow("fetch failed");
  });

  it("without credentials does not fall back to the sandbox", async () => {
    const { SANDBOX: _, SONAR_CLIENT_UUID: __, ...rest } = good;
    const { exitCode, output } = await refusal(rest);
    expect([exitCode, output]).toEqual([1, expect.stringContaining("SONAR_CLIENT_UUID is missing")]);
  });
});
