import { beforeAll, describe, expect, it } from "vitest";
import { appUser, credentialsEnvironment, startUpstream } from "@/tests/support/app/app-bench";
import { encryptionKey } from "@/tests/support/app/app-environment";
import { startApp, type AppProcess } from "@/tests/support/app/app-process";
import { beginConnect, redirectOf, signIn } from "@/tests/support/app/http-browser";
import { migrateDatabase } from "@/tests/support/database/databases";
import { postgres } from "@/tests/support/database/store-bench";
import { startLoadBalancer, type LoadBalancer } from "@/tests/support/local-server";
import { approve } from "@/tests/support/sandbox/sandbox-user";

const [OLD, NEW] = [encryptionKey(), encryptionKey()];

describe("a deployment that is rolled out", () => {
  let balancer: LoadBalancer;
  /** The keys of an instance before step 1, after step 1 and after step 2. */
  let apps: Record<"before" | "added" | "sealing", AppProcess>;

  beforeAll(async () => {
    const { url } = await postgres.newPlace();
    await migrateDatabase(url);
    balancer = await startLoadBalancer();
    const upstream = await startUpstream(balancer.url);
    const env = { ...credentialsEnvironment(upstream, url), APP_URL: balancer.url };
    const start = (...keys: string[]) => startApp({ env: { ...env, TOKEN_ENCRYPTION_KEY: keys.join(",") } });
    const [before, added, sealing] = await Promise.all([start(OLD), start(OLD, NEW), start(NEW, OLD)]);
    apps = { before, added, sealing };
    return async () => {
      await Promise.all(Object.values(apps).map((app) => app.stop()));
      await balancer.close();
      await upstream.close();
    };
  });

  const sendTo = (name: keyof typeof apps) => balancer.sendTo(apps[name].url);
  const unknownKeys = (name: keyof typeof apps) => apps[name].logs().match(/"msg":"seal\.unknown-key"/g) ?? [];

  /** Signs a user in and begins a connection on one instance, without the callback. */
  async function begun(name: keyof typeof apps) {
    const user = appUser(balancer.url);
    sendTo(name);
    await signIn(user.browser, balancer.url);
    return { ...user, callback: await approve(await beginConnect(user.browser, balancer.url)) };
  }

  it.each([
    ["added", "sealing"],
    ["sealing", "added"],
  ] as const)(
    "step 2: a connection begun on the one (%s), ended on the other (%s), is used on both",
    async (one, other) => {
      const { browser, callback } = await begun(one);
      sendTo(other);
      expect(redirectOf(await browser.get(callback))?.pathname).toBe("/");
      for (const name of [one, other]) {
        sendTo(name);
        expect(await (await browser.get(balancer.url)).text()).toContain("Ada Lovelace");
        expect(unknownKeys(name)).toEqual([]);
      }
    },
  );

  it("step 1 left out: the callback is told to wait and uses nothing up, and the operator is told once", async () => {
    const { browser, callback } = await begun("sealing");
    sendTo("before");
    for (let tries = 0; tries < 2; tries++) {
      const target = redirectOf(await browser.get(callback));
      expect(target?.pathname).toBe("/oauth/error");
      expect(target?.searchParams.get("reason")).toBe("updating");
    }
    expect(unknownKeys("before")).toHaveLength(1);
    sendTo("sealing");
    expect(redirectOf(await browser.get(callback))?.pathname).toBe("/");
  });
});
