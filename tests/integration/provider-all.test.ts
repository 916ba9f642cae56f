import { describe, expect, it } from "vitest";
import { fail } from "@/lib/result";
import { postConsent } from "@/tests/support/sandbox/sandbox-user";
import { PROVIDER_IDS } from "@/tests/support/sandbox/test-providers";
import { callProvider } from "@/tests/support/oauth/openid-bench";
import { openProviderBench } from "@/tests/support/oauth/provider-bench";

const bench = openProviderBench();
const CALLS = { oncehub: "listBookings", interact: "readUser", rakomi: "userInfo" } as const;

/** The rules that hold for each of them (providers.md section 5). */
describe.each(PROVIDER_IDS)("%s", (id) => {
  it("somebody else's callback is refused and consumes nothing: the owner can still finish", async () => {
    const callback = await bench().callback(id);
    const sent = bench().listen();
    expect(await bench().complete(callback, "eve")).toEqual(fail("oauth/invalid_state"));
    expect(sent).toEqual([]);
    expect(await bench().complete(callback)).toMatchObject({ ok: true });
  });

  it("a code that was stolen from somebody else's flow is refused in the thief's, and connects nobody", async () => {
    const stolen = (await bench().callback(id)).searchParams.get("code") ?? "";
    const injected = await bench().callback(id, "eve");
    injected.searchParams.set("code", stolen);
    expect(await bench().complete(injected, "eve")).toMatchObject({ error: { code: "oauth/invalid_grant" } });
    expect(await bench().tokens(id, "eve")).toBeUndefined();
  });

  it.each(["sonar", ...PROVIDER_IDS].filter((other) => other !== id))(
    "a callback that comes in at the address of %s is refused before anything is asked",
    async (other) => {
      const callback = await bench().callback(id);
      callback.pathname = other === "sonar" ? "/oauth/callback" : `/oauth/callback/${other}`;
      const sent = bench().listen();
      expect(await bench().complete(callback)).toEqual(fail("oauth/issuer_mismatch"));
      expect(sent).toEqual([]);
    },
  );

  it("a callback with a foreign `iss` is refused before anything is asked", async () => {
    await bench().providers[id].setQuirks({ iss: "https://evil.example.com" });
    const callback = await bench().callback(id);
    const sent = bench().listen();
    expect(await bench().complete(callback)).toEqual(fail("oauth/issuer_mismatch"));
    expect(sent.filter(({ url }) => url.pathname === "/oauth/token")).toEqual([]);
  });

  it("denying stores nothing, and is reported as the user's own choice", async () => {
    const answer = await postConsent(await bench().begin(id), { decision: "deny" });
    expect(await bench().complete(new URL(answer.headers.get("location") ?? ""))).toEqual(fail("oauth/access_denied"));
    expect(await bench().tokens(id)).toBeUndefined();
    expect(bench().log).toEqual([]);
  });

  it("disconnecting during a refresh stays disconnected", async () => {
    await bench().connected(id);
    await bench().outdate(id);
    await bench().providers[id].setFault({ endpoint: "/oauth/token", latencyMs: 300 });
    const sent = bench().listen();
    const call = bench().call(id, CALLS[id]);
    await expect.poll(() => sent.some(({ url }) => url.pathname === "/oauth/token")).toBe(true);
    await bench().disconnect(id);
    // The sentence depends on which reached the provider first: the refresh, or the revocation.
    expect(await call).toMatchObject({ ok: false, error: { recovery: "reconnect" } });
    expect(await bench().tokens(id)).toBeUndefined();
  });

  it("is logged without codes, states, verifiers or tokens", async () => {
    const callback = await bench().callback(id);
    await bench().complete(callback);
    const tokens = await bench().tokens(id);
    await bench().outdate(id);
    await bench().call(id, CALLS[id]);
    const text = JSON.stringify(bench().log);
    for (const secret of [...callback.searchParams.values(), tokens?.accessToken ?? "", tokens?.refreshToken ?? ""]) {
      if (!secret.startsWith("http")) expect(text).not.toContain(secret);
    }
    expect(bench().log.map(({ event }) => event)).toEqual(["oauth.exchange", "connect.completed", "oauth.refresh"]);
  });

  it("the sandbox shows a page for a redirect URI that is not registered, and does not redirect there", async () => {
    const url = await bench().begin(id);
    url.searchParams.set("redirect_uri", "http://localhost:3000/oauth/callback/elsewhere");
    const answer = await postConsent(url, { persona: "ada", decision: "approve" });
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    expect(answer.headers.get("content-type")).toContain("text/html");
  });
});

it("all are connected at once; disconnecting one leaves the others", async () => {
  for (const id of PROVIDER_IDS) await bench().connected(id);
  await bench().disconnect("interact");
  expect(await bench().engine.tokens.list("ada")).toEqual(["oncehub", "rakomi"]);
});

it("a call that a provider inherits from Object is none of its calls", async () => {
  const found = bench().found("rakomi");
  const answer = await callProvider(
    found,
    { call: "hasOwnProperty", input: {} },
    { engine: bench().engine, userId: "ada", deadline: bench().deadline() },
  );
  expect(answer).toEqual(fail("api/not_found"));
});
