import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import {
  appUser,
  credentialsEnvironment,
  expectReady,
  openAppBench,
  startUpstream,
  type AppUser,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { linesSince, linesUpTo } from "@/tests/support/app/log-lines";
import { HttpBrowser, NAVIGATION, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { diskFull, notWritable } from "@/tests/support/database/database-failures";
import { migrateDatabase } from "@/tests/support/database/databases";
import { createDatabaseOn, startPostgres, type Postgres } from "@/tests/support/database/postgres";
import { freePort } from "@/tests/support/local-server";

const SETTLED = { timeout: 20_000, interval: 100 };

let postgres: Postgres;
let databaseUrl: string;
let upstream: Upstream;
let app: AppProcess;
let user: AppUser;
/** The test's own connection. */
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres(undefined, { max_connections: "20" });
  databaseUrl = await createDatabaseOn(postgres.url);
  await migrateDatabase(databaseUrl);
  const port = await freePort();
  upstream = await startUpstream(appUrl(port));
  app = await startApp({ port, env: credentialsEnvironment(upstream, databaseUrl) });
  user = appUser(app.url);
  await signIn(user.browser, app.url);
});

afterAll(async () => {
  await app.stop();
  await upstream.close();
  await postgres.stop();
});

/** Takes every connection that the server has, the app's too, until the returned function lets them go. */
async function takeConnections(): Promise<() => Promise<void>> {
  const taken: pg.Client[] = [];
  const name = new URL(databaseUrl).pathname.slice(1);
  const take = async () => {
    for (;;) {
      const client = new pg.Client({ connectionString: postgres.url });
      client.on("error", () => undefined);
      try {
        await client.connect();
      } catch {
        return;
      }
      taken.push(client);
    }
  };
  await take();
  const appHas = async () =>
    (await taken[0]?.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]))
      ?.rowCount;
  // A connection of the app's that is still being opened is not listed yet.
  for (let free = 0; free < 3; free++) {
    if (await appHas()) free = 0;
    await take();
  }
  return async () => void (await Promise.all(taken.map((client) => client.end())));
}

async function withDatabase(begin: (database: Database) => Promise<() => Promise<void>>) {
  database = await openDatabase(databaseUrl);
  const repair = await begin(database);
  return () => repair().finally(() => database.kysely.destroy());
}

/** Undoes an outage. */
type Repair = () => unknown;

const OUTAGES: readonly { name: string; readable: boolean; begin: () => Promise<Repair> }[] = [
  { name: "is down", readable: false, begin: () => postgres.goDown() },
  { name: "accepts connections and never answers", readable: false, begin: () => postgres.hang() },
  { name: "has no connection left", readable: false, begin: takeConnections },
  { name: "is read-only", readable: true, begin: () => withDatabase((one) => notWritable.begin(one)) },
  { name: "is full", readable: true, begin: () => withDatabase((one) => diskFull.begin(one)) },
];

describe.each(OUTAGES)("while the database $name", ({ readable, begin }) => {
  let repair: Repair;
  let start: number;

  beforeAll(async () => {
    await expectReady(app.url, true);
    start = app.logs().length;
    repair = await begin();
    await expectReady(app.url, false);
    return async () => void (await repair());
  });

  it("the server lives", async () => {
    expect((await fetch(`${app.url}/api/health`)).status).toBe(200);
  });

  it("a page that needs the database says so with a status that monitors and caches understand, or is shown", async () => {
    const page = await user.browser.get(app.url, NAVIGATION);
    if (readable) {
      expect(page.status).toBe(200);
      return;
    }
    expect(page.status).toBe(503);
    const header = (name: string) => page.headers.get(name);
    expect(Number(header("retry-after"))).toBeGreaterThan(0);
    expect(header("cache-control")).toBe("no-store");
    expect(header("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(header("x-content-type-options")).toBe("nosniff");
    const html = await page.text();
    expect(html).toContain("We can&#39;t reach our database");
    expect(html).toContain("Nothing was lost. Reload in a moment.");
    expect(html).not.toContain("<script");
    const head = await user.browser.get(app.url, { ...NAVIGATION, method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([503, ""]);
  });

  it("a page that needs no database is shown", async () => {
    expect((await new HttpBrowser().get(app.url, NAVIGATION)).status).toBe(200);
  });

  it("forms and actions end in a sentence", async () => {
    const signedIn = await new HttpBrowser().submit(new URL("/auth/sign-in", app.url));
    const explained = redirectOf(signedIn);
    expect([signedIn.status, explained?.pathname]).toEqual([303, "/oauth/error"]);
    const page = await new HttpBrowser().get(explained ?? app.url, NAVIGATION);
    expect(page.status).toBe(200);
    const words = await page.text();
    expect(words).toContain("Our database is slow or not available at the moment.");
    expect(words).toContain("Nothing was lost. Try again in a moment.");
    const begun = await user.call("getSonarAuthorizationUrl");
    expect(begun).toMatchObject({ ok: false, error: { code: "request/no_database" } });
  });

  it("the return from a provider uses nothing up: reloading it later completes it", async () => {
    const answer = await user.browser.get(`${app.url}/oauth/callback?code=a&state=b`, NAVIGATION);
    expect(answer.status).toBe(503);
  });

  it("all is as before once that has ended, and nobody was signed out", async () => {
    await repair();
    repair = () => undefined;
    await expectReady(app.url, true);
    const page = await user.browser.get(app.url, NAVIGATION);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Connect with Sonar");
    const changes = linesSince(app, start).filter(({ msg }) => /^database\.(not-)?ready$/.test(msg));
    expect(changes.map(({ msg }) => msg).slice(-2)).toEqual(["database.not-ready", "database.ready"]);
  });
});

it("the page of an outage has the visitor's colours, and data for scripts keep their own form", async () => {
  const restart = await postgres.goDown();
  await expectReady(app.url, false);
  const cookie = `${user.browser.cookies.header(new URL(app.url))}; theme=dark`;
  const get = (headers: Record<string, string>) => fetch(app.url, { headers: { Cookie: cookie, ...headers } });
  const page = await get(NAVIGATION.headers);
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('data-theme="dark"');
  const data = await get({ Accept: "*/*", "Sec-Fetch-Dest": "empty" });
  expect([data.status, (await data.text()).includes("Reload in a moment")]).toEqual([200, false]);
  await restart();
  await expectReady(app.url, true);
});

it("a session whose use cannot be noted is shown its page, and leaves no error behind", async () => {
  await expectReady(app.url, true);
  const start = app.logs().length;
  const repair = await withDatabase(async (one) => {
    // Long enough ago to be noted again.
    await one.kysely
      .updateTable("sessions")
      .set({ seen_at: Date.now() - 120_000 })
      .execute();
    return notWritable.begin(one);
  });
  await expectReady(app.url, false);
  expect((await user.browser.get(app.url, NAVIGATION)).status).toBe(200);
  await repair();
  await expectReady(app.url, true);
  // Lines of one process keep their order.
  const events = (await linesUpTo(app, start, "database.ready")).map(({ msg }) => msg);
  expect(events).not.toContain("unhandled-error");
});

it("a visitor who leaves a page before the database fails it causes no alarm about the page", async () => {
  await expectReady(app.url, true);
  const start = app.logs().length;
  // In a transaction, the server's figures stay as they were when they were first asked for.
  const client = new pg.Client({ connectionString: databaseUrl });
  const observer = new pg.Client({ connectionString: databaseUrl });
  await Promise.all([client.connect(), observer.connect()]);
  // Work that is left for after the answer, such as noting the use of a session, begins when the visitor has left.
  await client.query("update sessions set seen_at = $1", [Date.now() - 120_000]);
  await client.query("begin");
  await client.query("lock table connections in access exclusive mode");
  const left = new AbortController();
  const page = user.browser.get(app.url, { ...NAVIGATION, signal: left.signal }).catch(() => undefined);
  await vi.waitFor(async () => {
    const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    expect((await observer.query(waiting)).rowCount).toBeGreaterThan(0);
  }, SETTLED);
  left.abort();
  await page;
  const lines = await linesUpTo(app, start, "database.refused");
  await Promise.all([client.end(), observer.end()]);
  expect(lines.map(({ msg }) => msg)).not.toContain("hidden-error");
});

describe("where a page is made although the database has just failed", () => {
  let restart: Repair;

  beforeAll(async () => {
    restart = await postgres.goDown();
    await expectReady(app.url, false);
    return async () => {
      await restart();
      await expectReady(app.url, true);
    };
  });

  it.each(["/", "/account", "/activity", "/activity/1", "/connections", "/oauth/error?code=oauth%2Faccess_denied"])(
    "%s says that the site is not available, whole or as data of the router, and no part of it throws",
    async (path) => {
      const asked: Record<string, string>[] = [{ Accept: "*/*" }, { Accept: "*/*", RSC: "1" }];
      for (const headers of asked) {
        const answer = await user.browser.get(new URL(path, app.url), { headers });
        // Next sends a request for its data on to an address that caches tell apart from the page's.
        const address = redirectOf(answer);
        const page = await (address ? await user.browser.get(address, { headers }) : answer).text();
        expect(page).toContain("This site is not available at the moment");
        expect(page).not.toMatch(/\bdigest\\?":\\?"\d/);
      }
    },
  );
});

it("a SQLite file that cannot be written: not ready, and pages are shown", async () => {
  const bench = await openAppBench();
  const { browser } = await bench.signedIn();
  await expectReady(bench.app.url, true);
  const repair = await notWritable.begin(bench.database);
  await expectReady(bench.app.url, false);
  expect((await browser.get(bench.app.url, NAVIGATION)).status).toBe(200);
  await repair();
  await expectReady(bench.app.url, true);
  await bench.close();
});
