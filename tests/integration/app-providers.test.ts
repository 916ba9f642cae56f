import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { sandboxClient } from "@/lib/config/sandbox";
import { appUser, openAppBench, storedConnections, type AppBench, type AppUser } from "@/tests/support/app/app-bench";
import { clientBundle, findSecrets, ListeningBrowser, type Secret } from "@/tests/support/app/find-secrets";
import { redirectOf, signIn } from "@/tests/support/app/http-browser";
import { instanceOn } from "@/tests/support/database/store-bench";
import { approve } from "@/tests/support/sandbox/sandbox-user";
import { PROVIDER_IDS, startTestProviders, type TestProviders } from "@/tests/support/sandbox/test-providers";

const CREDENTIALS = {
  ONCEHUB_CLIENT_ID: sandboxClient("oncehub").clientId,
  ONCEHUB_CLIENT_SECRET: sandboxClient("oncehub").clientSecret,
  INTERACT_CLIENT_ID: sandboxClient("interact").clientId,
  INTERACT_CLIENT_SECRET: sandboxClient("interact").clientSecret,
  RAKOMI_CLIENT_ID: sandboxClient("rakomi").clientId,
  RAKOMI_CLIENT_SECRET: sandboxClient("rakomi").clientSecret,
};

const CALLS = [
  { provider: "oncehub", call: "listBookings", input: { limit: 3 } },
  { provider: "interact", call: "readUser", input: {} },
  { provider: "rakomi", call: "userInfo", input: {} },
];

/** Presses one of the page's buttons and returns the target of the redirect. */
async function press({ browser }: AppUser, appUrl: string, path: string): Promise<URL> {
  const answer = await browser.submit(`${appUrl}/auth/${path}`, { returnTo: "/connections" });
  const target = redirectOf(answer);
  if (!target) throw new Error(`/auth/${path} answered ${answer.status}`);
  return target;
}

function configuredSecrets(): Secret[] {
  const secrets = Object.entries(CREDENTIALS).filter(([name]) => name.endsWith("_SECRET"));
  return secrets.map(([, value]) => ({ name: "client secret", value }));
}

/** The state and the verifier, if any, of the latest connection attempt. */
async function pendingSecrets({ database, env }: AppBench, consent: URL): Promise<Secret[]> {
  const { transactions } = instanceOn(database, [env["TOKEN_ENCRYPTION_KEY"] ?? ""], Date.now);
  const state = consent.searchParams.get("state") ?? "";
  const rows = await database.kysely.selectFrom("transactions").select(["user_id", "session_hash"]).execute();
  const [row] = rows;
  const transaction = await transactions.takePKCEVerifier(state, row?.user_id ?? "", row?.session_hash ?? undefined);
  if (!transaction) throw new Error("No connection was begun");
  await transactions.setPKCEVerifier(state, transaction);
  const { codeVerifier } = transaction;
  return [{ name: "state", value: state }, ...(codeVerifier ? [{ name: "verifier", value: codeVerifier }] : [])];
}

async function tokensOf(bench: AppBench): Promise<Secret[]> {
  const stored = await Promise.all((await storedConnections(bench)).map((key) => bench.tokens.get(key)));
  return stored.flatMap((connection) => [
    { name: "access token", value: connection?.tokens.accessToken ?? "" },
    { name: "refresh token", value: connection?.tokens.refreshToken ?? "" },
  ]);
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

  it("shows no token, code, state, verifier or secret but the state in the consent page's address", async () => {
    const browser = new ListeningBrowser();
    const user = appUser(bench.app.url, browser);
    await signIn(browser, bench.app.url);
    const secrets = configuredSecrets();
    for (const id of PROVIDER_IDS) {
      const consent = await press(user, bench.app.url, `connect/${id}`);
      secrets.push(...(await pendingSecrets(bench, consent)));
      const callback = await approve(consent);
      secrets.push({ name: "code", value: callback.searchParams.get("code") ?? "" });
      await browser.follow(await browser.get(callback));
    }
    for (const request of CALLS) expect(await user.call("callConnection", request)).toMatchObject({ ok: true });
    secrets.push(...(await tokensOf(bench)));
    for (const path of ["/connections", "/"]) {
      await browser.get(bench.app.url + path);
      await browser.get(bench.app.url + path, { headers: { RSC: "1" } });
    }
    const kinds = ["client secret", "state", "verifier", "code", "access token", "refresh token"];
    const ofThree = kinds.flatMap((kind) => [kind, kind, kind]);
    expect(secrets.map(({ name }) => name).sort()).toEqual(ofThree.sort());
    const places = [...browser.heard, ...clientBundle(), { name: "log", text: bench.app.logs() }];
    for (const text of ["/auth/disconnect/rakomi", "oauth.exchange", "Show bookings", "location: "])
      expect(places.some((place) => place.text.includes(text))).toBe(true);
    expect(findSecrets(places, secrets)).toEqual(PROVIDER_IDS.map((id) => `POST /auth/connect/${id}: state`));
  });

  it("refuses unknown providers and calls, and input that is none, without asking anybody", async () => {
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

  it("tells who is not signed in to sign in, whatever they ask for", async () => {
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

  it("names what the others lack on their cards, by name only, and refuses to connect them", async () => {
    const user = await bench.signedIn();
    const page = await (await user.browser.get(`${bench.app.url}/connections`)).text();
    for (const name of ["ONCEHUB_CLIENT_SECRET", "INTERACT_CLIENT_ID", "INTERACT_CLIENT_SECRET"])
      expect(page).toContain(name);
    expect(page).not.toContain("only-half");
    expect(page).toContain('href="/connections"');
    expect(page).toContain("/auth/connect/rakomi");
    expect(page).not.toContain("/auth/connect/oncehub");
    const { pathname, search } = await press(user, bench.app.url, "connect/oncehub");
    expect(pathname + search).toBe(errorAddress("config/missing", "oncehub"));
    expect(await user.call("callConnection", CALLS[0])).toMatchObject({ error: { code: "config/missing" } });
  });

  it("lets go of a connection from the time when the provider was set up", async () => {
    const user = await bench.signedIn();
    const { id_hash: session, user_id: userId } = await bench.database.kysely
      .selectFrom("sessions")
      .select(["id_hash", "user_id"])
      .orderBy("created_at", "desc")
      .executeTakeFirstOrThrow();
    await bench.tokens.set({ provider: "oncehub", userId }, { accessToken: "an old token" }, session);
    const page = await (await user.browser.get(`${bench.app.url}/connections`)).text();
    expect(page).toContain("/auth/disconnect/oncehub");
    expect((await press(user, bench.app.url, "disconnect/oncehub")).pathname).toBe("/connections");
    expect(await storedConnections(bench)).toEqual([]);
  });

  it("connects the one that is set up", async () => {
    const user = await bench.signedIn();
    expect((await press(user, bench.app.url, "connect/rakomi")).pathname).toBe("/oauth/authorize");
  });
});
