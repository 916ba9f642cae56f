import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { failure } from "@/lib/result";
import { openDatabase, type Database } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import {
  appUser,
  credentialsEnvironment,
  startUpstream,
  storedConnections,
  type AppUser,
} from "@/tests/support/app/app-bench";
import { appUrl, startApp, type AppProcess } from "@/tests/support/app/app-process";
import { connectAs, redirectOf, signIn } from "@/tests/support/app/http-browser";
import {
  connectionsGone,
  notWritable,
  sessionsGone,
  sessionsStay,
  type Breakage,
} from "@/tests/support/database/database-failures";
import { emptyTables, sharedEngines, type StorageEngine } from "@/tests/support/database/store-bench";
import { freePort } from "@/tests/support/local-server";

const WALLET = "wallet=0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const ENTITY = "entity=some-entity";
const SIGNED_OUT = { error: { code: "session/missing" } };
const NEWLY_SIGNED_IN = { error: { code: "connection/not_connected" } };

/** Milliseconds. */
const PATIENCE = { timeout: 20_000 };

const EVERY_COOKIE = ["entity", "session", "wallet"];

/** The cookies that an answer removes. */
function removedBy(answer: Response): string[] {
  const over = /Max-Age=0|Expires=Thu, 01 Jan 1970/i;
  const lines = answer.headers.getSetCookie().filter((line) => over.test(line));
  return lines.map((line) => line.slice(0, line.indexOf("="))).sort();
}

async function startOn(engine: StorageEngine) {
  const { url: databaseUrl, remove } = await engine.newPlace();
  const database = await openDatabase(databaseUrl);
  await migrate(database.kysely);
  const port = await freePort();
  const upstream = await startUpstream(appUrl(port));
  const env = credentialsEnvironment(upstream, databaseUrl);
  const app = await startApp({ port, env });
  const close = async () => {
    await app.stop();
    await upstream.close();
    await database.kysely.destroy();
    remove();
  };
  return { app, database, close };
}

describe.each(sharedEngines)("signing out with $name", (engine) => {
  let app: AppProcess;
  let database: Database;

  beforeAll(async () => {
    const bench = await startOn(engine);
    ({ app, database } = bench);
    return () => bench.close();
  });

  const home = () => new URL(app.url);
  const submit = ({ browser }: AppUser, path: string) => browser.submit(app.url + path);
  const keep = ({ browser }: AppUser, ...cookies: string[]) => browser.cookies.take(home(), cookies);

  /** A connected user who has chosen wallet and entity. */
  async function somebody(): Promise<AppUser> {
    const user = appUser(app.url);
    await signIn(user.browser, app.url);
    await connectAs(user.browser, app.url);
    keep(user, WALLET, ENTITY);
    return user;
  }

  /** A browser with a copy of the cookies. */
  function copyOf({ browser }: AppUser): AppUser {
    const copy = appUser(app.url);
    copy.browser.cookies.take(home(), browser.cookies.header(home()).split("; "));
    return copy;
  }

  async function breakWith(breakage: Breakage): Promise<() => Promise<void>> {
    const repair = await breakage.begin(database);
    let broken = true;
    const once = async () => {
      if (!broken) return;
      broken = false;
      await repair();
      // The repair may have closed the app's own connections.
      await vi.waitFor(async () => expect((await fetch(`${app.url}/api/health?ready`)).status).toBe(200), PATIENCE);
    };
    onTestFinished(once);
    return once;
  }

  /** Expects the answer of `path` while the database fails: the cookies are removed, the page is truthful, and the log has a line about it. */
  async function expectForgotten(user: AppUser, path: string): Promise<void> {
    const logged = app.logs().length;
    const answer = await submit(user, path);
    expect(answer.status).toBe(303);
    expect(redirectOf(answer)?.searchParams.get("code")).toBe("session/not_ended");
    expect(removedBy(answer)).toEqual(EVERY_COOKIE);
    expect(user.browser.cookies.header(home())).toBe("");
    await vi.waitFor(() => expect(app.logs().slice(logged)).toMatch(/"level":[45]0.*"call":"sign-out\./), PATIENCE);
    const page = await (await user.browser.follow(answer)).text();
    const { message, suggestion } = failure("session/not_ended");
    for (const text of [message, suggestion, "Sign in"]) expect(page).toContain(text);
  }

  it("removes session, wallet and entity from the browser, and all of it from the server", async () => {
    await emptyTables(database);
    const user = await somebody();
    const copy = copyOf(user);
    const answer = await submit(user, "/auth/sign-out");
    expect(redirectOf(answer)?.pathname).toBe("/");
    expect(removedBy(answer)).toEqual(EVERY_COOKIE);
    expect(user.browser.cookies.header(home())).toBe("");
    expect(await copy.call("getEntities", {})).toMatchObject(SIGNED_OUT);
    expect(await storedConnections({ database })).toEqual([]);
  });

  it("removes wallet and entity also where no session is left", async () => {
    const visitor = appUser(app.url);
    keep(visitor, WALLET, ENTITY);
    expect(redirectOf(await submit(visitor, "/auth/sign-out"))?.pathname).toBe("/");
    expect(visitor.browser.cookies.header(home())).toBe("");
  });

  it.each([notWritable, sessionsGone, sessionsStay, connectionsGone])(
    "works in the browser while $name",
    async (way) => {
      const user = await somebody();
      const repair = await breakWith(way);
      await expectForgotten(user, "/auth/sign-out");
      await repair();
      await signIn(user.browser, app.url);
      expect(await user.call("getEntities", {})).toMatchObject(NEWLY_SIGNED_IN);
      expect(redirectOf(await submit(user, "/auth/sign-out"))?.pathname).toBe("/");
    },
  );

  it("does not claim that the session has ended on the server while nothing can be written", async () => {
    const user = await somebody();
    const copy = copyOf(user);
    const repair = await breakWith(notWritable);
    await expectForgotten(user, "/auth/sign-out");
    await repair();
    expect(await copy.call("getEntities", {})).toMatchObject({ ok: true });
  });

  it("disconnects although the session cannot be ended", async () => {
    await emptyTables(database);
    const user = await somebody();
    await breakWith(sessionsStay);
    await expectForgotten(user, "/auth/sign-out");
    expect(await storedConnections({ database })).toEqual([]);
  });

  it("ends the session although nothing can be disconnected", async () => {
    const user = await somebody();
    const copy = copyOf(user);
    const repair = await breakWith(connectionsGone);
    await expectForgotten(user, "/auth/sign-out");
    await repair();
    expect(await copy.call("getEntities", {})).toMatchObject(SIGNED_OUT);
  });

  it("happens to whoever was here when another signs in", async () => {
    const user = await somebody();
    const copy = copyOf(user);
    await signIn(user.browser, app.url);
    expect(user.browser.cookies.header(home())).toMatch(/^session=[^;]+$/);
    expect(await user.call("getEntities", {})).toMatchObject(NEWLY_SIGNED_IN);
    expect(await copy.call("getEntities", {})).toMatchObject(SIGNED_OUT);
  });

  it("happens to whoever was here long ago as well", async () => {
    const user = appUser(app.url);
    keep(user, WALLET, ENTITY, "session=over");
    await signIn(user.browser, app.url);
    expect(user.browser.cookies.header(home())).toMatch(/^session=[^;]+$/);
  });

  it("does not happen to a visitor who has connected a wallet before signing in", async () => {
    const user = appUser(app.url);
    keep(user, WALLET);
    await signIn(user.browser, app.url);
    expect(user.browser.cookies.header(home())).toContain(WALLET);
  });

  it("that fails lets nobody else in; the next attempt does", async () => {
    const user = await somebody();
    const repair = await breakWith(sessionsStay);
    await expectForgotten(user, "/auth/sign-in");
    await repair();
    await signIn(user.browser, app.url);
    expect(await user.call("getEntities", {})).toMatchObject(NEWLY_SIGNED_IN);
  });
});
