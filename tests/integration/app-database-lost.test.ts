import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failure } from "@/lib/result";
import {
  appUser,
  credentialsEnvironment,
  expectReady,
  startUpstream,
  type AppUser,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { INPUTS, READS } from "@/tests/support/app/call-action";
import { beginConnect, connectAs, NAVIGATION, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { linesSince } from "@/tests/support/app/log-lines";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { migrateDatabase } from "@/tests/support/database/databases";
import { createDatabaseOn, startPostgres, type Postgres } from "@/tests/support/database/postgres";
import { freePort } from "@/tests/support/local-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";

let postgres: Postgres;
let databaseUrl: string;
let upstream: Upstream;
let app: AppProcess;
let connected: AppUser;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await createDatabaseOn(postgres.url);
  await migrateDatabase(databaseUrl);
  const port = await freePort();
  upstream = await startUpstream(appUrl(port));
  app = await startApp({ port, env: credentialsEnvironment(upstream, databaseUrl) });
  connected = appUser(app.url);
  await signIn(connected.browser, app.url);
  await connectAs(connected.browser, app.url);
});

afterAll(async () => {
  await app.stop();
  await upstream.close();
  await postgres.stop();
});

/** What each of several calls that are made together answers: "ok", or the code of its failure. */
async function answersTo(actions: readonly string[]): Promise<string[]> {
  const answers = actions.map((action) => connected.call(action, INPUTS[action] ?? {}));
  return (await Promise.all(answers)).map((answer) => (answer.ok ? "ok" : answer.error.code));
}

const events = (start: number, from: number) =>
  new Set(
    linesSince(app, start)
      .filter(({ level }) => level >= from)
      .map(({ msg }) => msg),
  );

describe("in the moment in which Postgres stops", () => {
  let callback: URL;
  let restart: () => Promise<void>;
  let start: number;
  /** What calls answered while it stopped. */
  let meanwhile: Set<string>;

  beforeAll(async () => {
    callback = await approve(await beginConnect(connected.browser, app.url), "ada");
    upstream.gate.passages.length = 0;
    await expectReady(app.url, true);
    start = app.logs().length;
    let isGone = false;
    const down = postgres.goDown().finally(() => (isGone = true));
    meanwhile = new Set();
    while (!isGone) for (const answer of await answersTo(READS)) meanwhile.add(answer);
    restart = await down;
    return () => restart();
  });

  it("every call that fails says that it is the database, from the first one on", async () => {
    expect(new Set([...meanwhile, "ok", "request/no_database"]).size).toBe(2);
    const actions = [...READS, "getSonarAuthorizationUrl", "generatePurchasePermit"];
    expect(new Set(await answersTo([...actions, ...actions, ...actions]))).toEqual(new Set(["request/no_database"]));
  });

  it("the instance is known to be out of order by then: no page is made, and no code is used up", async () => {
    expect((await fetch(`${app.url}/api/health?ready`)).status).toBe(503);
    expect((await connected.browser.get(app.url, NAVIGATION)).status).toBe(503);
    expect((await connected.browser.get(callback, NAVIGATION)).status).toBe(503);
    expect(upstream.gate.passages.filter(({ path }) => path === ECHO.exchange)).toEqual([]);
  });

  it("the log has one alarm, and no bug", () => {
    expect(events(start, 50)).toEqual(new Set(["database.not-ready"]));
    const lines = linesSince(app, start);
    expect(lines.filter(({ msg }) => msg === "database.not-ready")).toHaveLength(1);
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: "database.refused", level: 40, errorCode: "ECONNREFUSED" }),
    );
  });

  it("all is as before once it has started again, and the return completes", async () => {
    await restart();
    restart = () => Promise.resolve();
    await expectReady(app.url, true);
    expect(redirectOf(await connected.browser.get(callback, NAVIGATION))?.pathname).toBe("/");
    expect(await answersTo(["getProfile"])).toEqual(["ok"]);
  });
});

it("who waits too long for a locked row reads that it is the database, which takes no instance away from the others", async () => {
  await expectReady(app.url, true);
  const start = app.logs().length;
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query("begin");
  await holder.query("lock table connections in access exclusive mode");
  const answers = await answersTo(["getProfile"]);
  const ready = await fetch(`${app.url}/api/health?ready`);
  await holder.end();
  expect(failure("request/no_database").message).toContain("slow");
  expect([answers, ready.status]).toEqual([["request/no_database"], 200]);
  expect(events(start, 40)).toEqual(new Set(["database.refused"]));
});
