import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failure } from "@/lib/result";
import { openDatabase, type Database } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import {
  appUser,
  credentialsEnvironment,
  expectReady,
  nearlyOutdateTokens,
  startUpstream,
  type AppUser,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { INPUTS, READS } from "@/tests/support/app/call-action";
import { beginConnect, connectAs, HttpBrowser, NAVIGATION, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { linesSince, linesUpTo } from "@/tests/support/app/log-lines";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { diskFull, noRoomIn, notWritable, type Breakage } from "@/tests/support/database/database-failures";
import { createDatabase, migrateDatabase } from "@/tests/support/database/databases";
import { freePort } from "@/tests/support/local-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";

/** Everything that a connected user reads. */
const ALL_READS = [...READS, "getEntity", "prePurchaseCheck"];

const NO_DATABASE = { ok: false, error: { code: "request/no_database" } };

let env: Record<string, string>;
let upstream: Upstream;
let app: AppProcess;
/** The test's own connection. */
let database: Database;

beforeAll(async () => {
  const databaseUrl = await createDatabase();
  await migrateDatabase(databaseUrl);
  const port = await freePort();
  upstream = await startUpstream(appUrl(port));
  env = credentialsEnvironment(upstream, databaseUrl);
  app = await startApp({ port, env });
  database = await openDatabase(databaseUrl);
});

afterAll(async () => {
  await database.kysely.destroy();
  await app.stop();
  await upstream.close();
});

/** Somebody who has approved at the provider, and whose browser has not come back yet. */
async function returning(): Promise<{ user: AppUser; callback: URL }> {
  const user = appUser(app.url);
  await signIn(user.browser, app.url);
  return { user, callback: await approve(await beginConnect(user.browser, app.url), "ada") };
}

/** The codes that have gone to the provider. */
const exchanges = () => upstream.gate.passages.filter(({ path }) => path === ECHO.exchange).length;

async function answersTo({ call }: AppUser): Promise<readonly unknown[]> {
  const answers = ALL_READS.map(async (action) => {
    const answer = await call(action, INPUTS[action] ?? {});
    return { action, answer: answer.ok ? "ok" : answer.error.code };
  });
  return Promise.all(answers);
}

const OUTAGES: readonly { breakage: Breakage; sqlstate: string }[] = [
  { breakage: notWritable, sqlstate: "25006" },
  { breakage: diskFull, sqlstate: "53100" },
];

describe.each(OUTAGES.map((outage) => ({ ...outage, name: outage.breakage.name })))(
  "while $name",
  ({ breakage, sqlstate }) => {
    let connected: AppUser;
    let before: readonly unknown[];
    let late: { user: AppUser; callback: URL };
    let repair: () => Promise<void>;
    let start: number;

    beforeAll(async () => {
      await expectReady(app.url, true);
      connected = appUser(app.url);
      await signIn(connected.browser, app.url);
      await connectAs(connected.browser, app.url);
      late = await returning();
      before = await answersTo(connected);
      // A use of the session that should be noted, and tokens that should be refreshed soon: writes that a read can do without.
      await database.kysely
        .updateTable("sessions")
        .set({ seen_at: Date.now() - 120_000 })
        .execute();
      const sealer = createSealer([env["TOKEN_ENCRYPTION_KEY"] ?? ""]);
      await nearlyOutdateTokens({ database, tokens: new SqlTokenStore(database, sealer) });
      start = app.logs().length;
      repair = await breakage.begin(database);
      await expectReady(app.url, false);
      upstream.gate.passages.length = 0;
      return () => repair();
    });

    it("every read is answered as before", async () => {
      expect(await answersTo(connected)).toEqual(before);
    });

    it("the page shows what its user needs to cancel or to be refunded", async () => {
      const page = await (await connected.browser.get(app.url, NAVIGATION)).text();
      expect(page).toContain("Ada");
      expect(page).not.toContain("request/no_database");
      expect(page).not.toContain("could not be loaded");
    });

    it("what costs something is refused, and says that it is the database", async () => {
      expect(await connected.call("generatePurchasePermit", INPUTS["generatePurchasePermit"])).toMatchObject(
        NO_DATABASE,
      );
      expect(await connected.call("getSonarAuthorizationUrl")).toMatchObject(NO_DATABASE);
      const signedIn = await new HttpBrowser().submit(new URL("/auth/sign-in", app.url));
      expect(redirectOf(signedIn)?.searchParams.get("code")).toBe("request/no_database");
    });

    it("a return from a provider is held back before its code is used", async () => {
      expect((await late.user.browser.get(late.callback, NAVIGATION)).status).toBe(503);
      expect(exchanges()).toBe(0);
    });

    it("the log tells of the outage, and of no bug", () => {
      const lines = linesSince(app, start);
      expect(new Set(lines.filter(({ level }) => level >= 50).map(({ msg }) => msg))).toEqual(
        new Set(["database.not-ready"]),
      );
      // At most once a minute, and the other outage of this file was a moment ago.
      const uncounted = lines.filter(({ msg }) => msg === "rates.not-counted");
      expect(app.logs()).toContain('"msg":"rates.not-counted"');
      expect(uncounted.length).toBeLessThan(ALL_READS.length);
      expect(lines).toContainEqual(
        expect.objectContaining({ msg: "database.refused", level: 40, errorCode: sqlstate }),
      );
    });

    it("the same return completes once that has ended", async () => {
      await repair();
      repair = () => Promise.resolve();
      await expectReady(app.url, true);
      const answer = await late.user.browser.get(late.callback, NAVIGATION);
      expect(redirectOf(answer)?.pathname).toBe("/");
      expect(await late.user.call("getProfile", {})).toMatchObject({ ok: true });
    });
  },
);

describe("while a full disk refuses only what needs a new page, and the row of readiness needs none", () => {
  let first: { user: AppUser; callback: URL };
  let second: typeof first;
  let repair: () => Promise<void>;
  let start: number;

  beforeAll(async () => {
    await expectReady(app.url, true);
    [first, second] = [await returning(), await returning()];
    start = app.logs().length;
    repair = await noRoomIn(["connections"]).begin(database);
    upstream.gate.passages.length = 0;
    return () => repair();
  });

  it("the user who meets it first reads that it is the database", async () => {
    const explained = redirectOf(await first.user.browser.get(first.callback, NAVIGATION));
    expect([explained?.pathname, explained?.searchParams.get("code")]).toEqual(["/oauth/error", "request/no_database"]);
    const page = await (await first.user.browser.get(explained ?? app.url, NAVIGATION)).text();
    expect(page).toContain(failure("request/no_database").message);
  });

  it("nobody else's code is used up, and readiness says 503 although its own row can be written", async () => {
    expect((await second.user.browser.get(second.callback, NAVIGATION)).status).toBe(503);
    expect(exchanges()).toBe(1);
    const ready = await fetch(`${app.url}/api/health?ready`);
    expect(ready.status).toBe(503);
  });

  it("the log names the refusal with its SQLSTATE, and no bug", () => {
    const lines = linesSince(app, start);
    const refused = { msg: "database.refused", level: 40, call: "callback", errorCode: "53100" };
    expect(lines).toContainEqual(expect.objectContaining(refused));
    expect(lines.filter(({ level }) => level >= 50).map(({ msg }) => msg)).toEqual(["database.not-ready"]);
  });

  it("all is as before once there is room: one completes the same return, the other connects again", async () => {
    await repair();
    repair = () => Promise.resolve();
    await expectReady(app.url, true);
    await linesUpTo(app, start, "database.ready");
    expect(redirectOf(await second.user.browser.get(second.callback, NAVIGATION))?.pathname).toBe("/");
    expect((await connectAs(first.user.browser, app.url)).pathname).toBe("/");
  });
});
