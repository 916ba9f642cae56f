import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { openDatabase, type Database } from "@/lib/stores/database";
import { createSealer } from "@/lib/stores/seal";
import { SqlTokenStore } from "@/lib/token-store";
import {
  appUser,
  credentialsEnvironment,
  outdateTokens,
  startUpstream,
  storedConnections,
  type AppStore,
  type Upstream,
} from "@/tests/support/app/app-bench";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { beginConnect, connectAs, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { migrateDatabase } from "@/tests/support/database/databases";
import { emptyTables, sharedEngines } from "@/tests/support/database/store-bench";
import { startLoadBalancer, type LoadBalancer } from "@/tests/support/local-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";

const CALLS = 50;

/** Milliseconds. */
const PATIENCE = { timeout: 50_000 };

describe.each(sharedEngines)("two production processes on $name", ({ newPlace }) => {
  let balancer: LoadBalancer;
  let upstream: Upstream;
  let apps: [AppProcess, AppProcess];
  let store: AppStore & { database: Database };
  let remove: () => void;

  beforeAll(async () => {
    const place = await newPlace();
    remove = place.remove;
    if (place.url.startsWith("postgres")) await migrateDatabase(place.url);
    balancer = await startLoadBalancer();
    upstream = await startUpstream(balancer.url);
    // So many calls at once can take long on a busy machine; the time is not the subject here.
    const env: Record<string, string> = {
      ...credentialsEnvironment(upstream, place.url),
      APP_URL: balancer.url,
      UPSTREAM_TIMEOUT_MS: "40000",
    };
    apps = await Promise.all([startApp({ env }), startApp({ env })]);
    const database = await openDatabase(place.url);
    store = { database, tokens: new SqlTokenStore(database, createSealer([env["TOKEN_ENCRYPTION_KEY"] ?? ""])) };
    return async () => {
      await Promise.all(apps.map((app) => app.stop()));
      await store.database.kysely.destroy();
      await balancer.close();
      await upstream.close();
      remove();
    };
  });

  beforeEach(async () => {
    await upstream.sandbox.control.reset({ grants: true });
    await emptyTables(store.database);
    sendToBoth();
  });

  const sendTo = (index: 0 | 1) => balancer.sendTo(apps[index].url);
  const sendToBoth = () => balancer.sendTo(...apps.map(({ url }) => url));
  const refreshes = async () => (await upstream.sandbox.control.requests(ECHO.refresh)).length;

  async function connected() {
    const user = appUser(balancer.url);
    await signIn(user.browser, balancer.url);
    await connectAs(user.browser, balancer.url);
    return user;
  }

  it("share a flow: signed in on one, begun on the other, called back on the first, used on both", async () => {
    const { browser, call } = appUser(balancer.url);
    sendTo(0);
    await signIn(browser, balancer.url);
    sendTo(1);
    const callback = await approve(await beginConnect(browser, balancer.url));
    sendTo(0);
    expect(redirectOf(await browser.get(callback))?.pathname).toBe("/");
    for (const index of [1, 0] as const) {
      sendTo(index);
      expect(await (await browser.get(balancer.url)).text()).toContain("Ada Lovelace");
      expect(await call("getProfile", {})).toMatchObject({ ok: true });
    }
  });

  it("use a callback once, whichever of them it comes to", async () => {
    const { browser } = appUser(balancer.url);
    await signIn(browser, balancer.url);
    const callback = await approve(await beginConnect(browser, balancer.url));
    const answers = await Promise.all(Array.from({ length: 6 }, () => browser.get(callback)));
    const paths = answers.map((answer) => redirectOf(answer)?.pathname);
    expect(paths.sort()).toEqual(["/", ...Array.from({ length: 5 }, () => "/oauth/error")]);
    expect(await upstream.sandbox.control.requests(ECHO.exchange)).toHaveLength(1);
  });

  it("make one refresh for 50 calls on each with an expired token, and answer all of them", async () => {
    const user = await connected();
    await outdateTokens(store);
    // Slow, so that both instances need it before it is done.
    await upstream.sandbox.control.setFault({ endpoint: ECHO.refresh, latencyMs: 1_000 });
    const answers = await Promise.all(Array.from({ length: 2 * CALLS }, () => user.call("getProfile", {})));
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(await refreshes()).toBe(1);
  });

  it("make one refresh when the API refuses the token in 50 calls on each, and answer all of them", async () => {
    const user = await connected();
    await upstream.sandbox.control.expireAccessTokens();
    const hold = upstream.gate.hold(ECHO.refresh);
    const answered = Promise.all(Array.from({ length: 2 * CALLS }, () => user.call("getProfile", {})));
    const allRefused = vi.waitFor(async () => {
      expect(await upstream.sandbox.control.requests(ECHO.profile)).toHaveLength(2 * CALLS);
    }, PATIENCE);
    await Promise.race([allRefused, answered]);
    hold.release();
    const answers = await answered;
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(await refreshes()).toBe(1);
  });

  it("hear of a sign-out on one during a refresh on the other, and nothing is written back", async () => {
    const user = await connected();
    await outdateTokens(store);
    const hold = upstream.gate.hold(ECHO.refresh);
    sendTo(0);
    const waiting = user.call("getProfile", {});
    await hold.arrived;
    sendTo(1);
    expect(redirectOf(await user.browser.submit(`${balancer.url}/auth/sign-out`))?.pathname).toBe("/");
    hold.release();
    expect(await waiting).toMatchObject({ ok: false, error: { code: "connection/not_connected" } });
    expect(await refreshes()).toBe(1);
    expect(await storedConnections(store)).toEqual([]);
  });

  it("end a connection together when Echo refuses the refresh: one request, and nobody asks again", async () => {
    const user = await connected();
    await outdateTokens(store);
    await upstream.sandbox.control.setFault({ endpoint: ECHO.refresh, effect: { kind: "status", status: 401 } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => user.call("getProfile", {})));
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, error: { recovery: "reconnect" } });
    expect(await refreshes()).toBe(1);
    expect(await storedConnections(store)).toEqual([]);
  });
});
