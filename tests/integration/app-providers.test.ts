import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { appUser, openAppBench, type AppBench, type AppUser } from "@/tests/support/app-bench";
import { findSecrets, type Secret } from "@/tests/support/find-secrets";
import { redirectOf } from "@/tests/support/http-browser";
import { ListeningBrowser } from "@/tests/support/listening-browser";
import { approve } from "@/tests/support/sandbox-user";
import { signIn } from "@/tests/support/connect-over-http";
import { storedConnections } from "@/tests/support/stored-tokens";
import { PROVIDER_IDS, startTestProviders, type TestProviders } from "@/tests/support/test-providers";
import { SANDBOX_INTERACT, SANDBOX_ONCEHUB, SANDBOX_RAKOMI } from "@/sandbox/constants";

const CREDENTIALS = {
  ONCEHUB_CLIENT_ID: SANDBOX_ONCEHUB.clientId,
  ONCEHUB_CLIENT_SECRET: SANDBOX_ONCEHUB.clientSecret,
  INTERACT_CLIENT_ID: SANDBOX_INTERACT.clientId,
  INTERACT_CLIENT_SECRET: SANDBOX_INTERACT.clientSecret,
  RAKOMI_CLIENT_ID: SANDBOX_RAKOMI.clientId,
  RAKOMI_CLIENT_SECRET: SANDBOX_RAKOMI.clientSecret,
};

const CALLS = [
  { provider: "oncehub", call: "listBookings", input: { limit: 3 } },
  { provider: "interact", call: "readUser", input: {} },
  { provider: "rakomi", call: "userInfo", input: {} },
];

/** Presses one of the page's buttons; returns where that leads. */
async function press({ browser }: AppUser, appUrl: string, path: string): Promise<URL> {
  const answer = await browser.submit(`${appUrl}/auth/${path}`, { returnTo: "/connections" });
  const target = redirectOf(answer);
  if (!target) throw new Error(`/auth/${path} answered ${answer.status}`);
  return target;
}

/** The error page's address for a cause. */
function errorAddress(code: string, provider?: string): string {
  return `/oauth/error?${new URLSearchParams({ code, ...(provider && { provider }) }).toString()}`;
}

describe("an app with the credentials of all providers", () => {
  let providers: TestProviders;
  let bench: AppBench;

  beforeAll(async () => {
    providers = await startTestProviders();
    bench = await openAppBench({ ...CREDENTIALS, ...providers.addresses });
    await providers.register(bench.app.url);
    return async () => {
      await bench.close();
      await providers.close();
    };
  });
  beforeEach(async () => {
    await bench.reset();
    await providers.reset();
  });

  it("(29) shows no token, code, state, verifier or secret in pages, payloads, cookies or its log", async () => {
    const browser = new ListeningBrowser();
    const user = appUser(bench.app.url, browser);
    await signIn(browser, bench.app.url);
    const secrets: Secret[] = Object.entries(CREDENTIALS)
      .filter(([name]) => name.endsWith("_SECRET"))
      .map(([name, value]) => ({ name, value }));
    for (const id of PROVIDER_IDS) {
      const callback = await approve(await press(user, bench.app.url, `connect/${id}`));
      secrets.push({ name: `${id} code`, value: callback.searchParams.get("code") ?? "" });
      await browser.follow(await browser.get(callback));
    }
    for (const request of CALLS) expect(await user.call("callConnection", request)).toMatchObject({ ok: true });
    for (const key of await storedConnections(bench)) {
      const tokens = (await bench.tokens.get(key))?.tokens;
      secrets.push({ name: `${key.provider} access token`, value: tokens?.accessToken ?? "" });
      secrets.push({ name: `${key.provider} refresh token`, value: tokens?.refreshToken ?? "" });
    }
    for (const path of ["/connections", "/"]) {
      await browser.get(bench.app.url + path);
      await browser.get(bench.app.url + path, { headers: { RSC: "1" } });
    }
    expect(secrets).toHaveLength(12);
    const places = [...browser.heard, { name: "log", text: bench.app.logs() }];
    expect(places.some(({ text }) => text.includes("Disconnect Rakomi"))).toBe(true);
    expect(findSecrets(places, secrets)).toEqual([]);
  });

  it("(6) refuses unknown providers and calls, and input that is none, without asking anybody", async () => {
    const user = await bench.signedIn();
    for (const provider of ["sonar2", "__proto__", "constructor"]) {
      expect(await user.call("callConnection", { provider, call: "listBookings", input: {} })).toMatchObject({
        error: { code: "connection/unknown_provider" },
      });
      for (const what of ["connect", "disconnect"]) {
        const { pathname, search } = await press(user, bench.app.url, `${what}/${provider}`);
        expect(pathname + search).toBe(errorAddress("connection/unknown_provider"));
      }
    }
    for (const name of ["nothing", "__proto__", "toString"]) {
      expect(await user.call("callConnection", { provider: "oncehub", call: name, input: {} })).toMatchObject({
        error: { code: "api/not_found" },
      });
    }
    for (const request of [null, "oncehub", {}, { provider: "oncehub" }, { provider: 1, call: 2 }]) {
      expect(await user.call("callConnection", request)).toMatchObject({ error: { code: "api/invalid_request" } });
    }
    for (const id of PROVIDER_IDS) expect(await providers[id].requests()).toEqual([]);
  });

  it("tells who is not signed in to sign in, whatever he asks for", async () => {
    const stranger = appUser(bench.app.url);
    for (const request of CALLS)
      expect(await stranger.call("callConnection", request)).toMatchObject({ error: { code: "session/missing" } });
    for (const id of PROVIDER_IDS) {
      for (const what of ["connect", "disconnect"]) {
        const { pathname, search } = await press(stranger, bench.app.url, `${what}/${id}`);
        expect(pathname + search).toBe(errorAddress("session/missing", id));
      }
    }
  });
});

describe("an app with the credentials of one provider only", () => {
  let bench: AppBench;

  beforeAll(async () => {
    const { RAKOMI_CLIENT_ID, RAKOMI_CLIENT_SECRET } = CREDENTIALS;
    bench = await openAppBench({ RAKOMI_CLIENT_ID, RAKOMI_CLIENT_SECRET, ONCEHUB_CLIENT_ID: "only-half" });
    return () => bench.close();
  });

  it("(30) names what the others lack on their cards, by name only, and refuses to connect them", async () => {
    const user = await bench.signedIn();
    const page = await (await user.browser.get(`${bench.app.url}/connections`)).text();
    for (const name of ["ONCEHUB_CLIENT_SECRET", "INTERACT_CLIENT_ID", "INTERACT_CLIENT_SECRET"])
      expect(page).toContain(name);
    expect(page).not.toContain("only-half");
    expect(page).toContain("Connect Rakomi");
    expect(page).not.toContain("Connect OnceHub");
    const { pathname, search } = await press(user, bench.app.url, "connect/oncehub");
    expect(pathname + search).toBe(errorAddress("config/missing", "oncehub"));
    expect(await user.call("callConnection", CALLS[0])).toMatchObject({ error: { code: "config/missing" } });
  });

  it("(30) connects the one that is set up", async () => {
    const user = await bench.signedIn();
    expect((await press(user, bench.app.url, "connect/rakomi")).pathname).toBe("/oauth/authorize");
  });
});
