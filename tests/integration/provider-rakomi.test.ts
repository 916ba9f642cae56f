import { describe, expect, it } from "vitest";
import type { FailureCode } from "@/lib/failures";
import { fail } from "@/lib/result";
import type { FaultEffect } from "@/sandbox/faults/fault";
import { setUpProvider } from "@/lib/providers/registry";
import { rakomi } from "@/lib/providers/rakomi";
import { postConsent } from "@/tests/support/sandbox/sandbox-user";
import { openProviderBench } from "@/tests/support/oauth/provider-bench";

const bench = openProviderBench();
const userInfo = () => bench().call("rakomi", "userInfo");
const endedByReuse = { error: { code: "auth/invalid_refresh_token", recovery: "reconnect" } };

/** Numbers are those of the acceptance checks (providers.md section 5). */
describe("Rakomi", () => {
  it("sends users to the host that its discovery document names, with PKCE and three scopes", async () => {
    const url = await bench().begin("rakomi");
    expect(url.origin + url.pathname).toBe(`${bench().providers.addresses.RAKOMI_ACCOUNTS_URL}/authorize`);
    expect(url.searchParams.get("code_challenge")).toMatch(/^[\w-]{43}$/);
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    expect(url.searchParams.get("scope")).toBe("openid profile email");
  });

  it("without a discovery document the guide's address is used, and connecting works there too", async () => {
    await bench().providers.rakomi.setFault({
      endpoint: "/.well-known/openid-configuration",
      effect: { kind: "hang" },
    });
    // Another issuer than in the other tests: theirs is remembered.
    const values = new Map(bench().env.providers.get("rakomi")?.values).set("RAKOMI_ISSUER", "https://rakomi.com");
    const { provider } = setUpProvider(rakomi, values, "http://localhost:3000");
    const begun = await provider.oauth.begin(provider.redirectUri, bench().deadline());
    const url = new URL(begun.ok ? begun.data.url : "");
    expect(url.origin + url.pathname).toBe(`${bench().providers.rakomi.origin}/oauth/authorize`);
    expect((await postConsent(url, { persona: "ada", decision: "approve" })).status).toBe(303);
  });

  it("gets a form with verifier and secret, and returns the user", async () => {
    const callback = await bench().callback("rakomi");
    const sent = bench().listen();
    expect(await bench().complete(callback)).toMatchObject({ ok: true });
    const exchange = sent.find(({ url }) => url.pathname === "/oauth/token");
    expect(exchange?.headers.get("content-type")).toContain("application/x-www-form-urlencoded");
    const fields = new URLSearchParams(exchange?.body);
    expect(fields.get("code_verifier")).toMatch(/^.{43,128}$/);
    expect(fields.get("client_secret")).not.toBeNull();
    expect(await userInfo()).toMatchObject({ ok: true, data: { sub: "rk|ada", email: "ada@example.com" } });
  });

  it("a verifier that does not belong to the code is refused", async () => {
    const callback = await bench().callback("rakomi");
    const store = bench().engine.oauthRequests;
    const state = callback.searchParams.get("state") ?? "";
    const { sessionIdHash } = await bench().signIn("ada");
    const transaction = await store.takePKCEVerifier(state, "ada", sessionIdHash);
    if (!transaction) throw new Error("no transaction");
    await store.setPKCEVerifier(state, { ...transaction, codeVerifier: "v".repeat(43) });
    expect(await bench().complete(callback)).toEqual(fail("oauth/invalid_grant", { status: 400 }));
  });

  it("the sandbox itself refuses a request without a challenge, so that the tests above mean something", async () => {
    const url = await bench().begin("rakomi");
    url.searchParams.delete("code_challenge");
    const answer = await postConsent(url, { persona: "ada", decision: "approve" });
    expect(answer.headers.get("location")).toContain("error=invalid_request");
  });

  it.each([
    [{ kind: "oauth-error", error: "invalid_grant" }, "oauth/invalid_grant"],
    [{ kind: "oauth-error", error: "invalid_client" }, "oauth/invalid_client"],
    [{ kind: "oauth-error", error: "invalid_request" }, "oauth/invalid_request"],
    [{ kind: "oauth-error", error: "unsupported_grant_type" }, "oauth/unsupported_grant_type"],
    [{ kind: "html", status: 502 }, "oauth/network_error"],
  ] satisfies [FaultEffect, FailureCode][])(
    "%j at the exchange is %s, with a sentence and a way out",
    async (effect, code) => {
      const callback = await bench().callback("rakomi");
      await bench().providers.rakomi.setFault({ endpoint: "/oauth/token", effect });
      const answer = await bench().complete(callback);
      const text = expect.stringMatching(/\w/);
      expect(answer).toMatchObject({ ok: false, error: { code, message: text, suggestion: text, docs_url: text } });
      const needsOperator = !answer.ok && answer.error.recovery === "none";
      expect(bench().log).toMatchObject([{ event: "oauth.exchange", level: needsOperator ? "error" : "warn", code }]);
    },
  );

  it("ten calls at once with an expired token make one refresh, and the connection continues", async () => {
    await bench().connected("rakomi");
    await bench().outdate("rakomi");
    const sent = bench().listen();
    const answers = await Promise.all(Array.from({ length: 10 }, userInfo));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(sent.filter(({ url }) => url.pathname === "/oauth/token")).toHaveLength(1);
    await bench().outdate("rakomi");
    expect(await userInfo()).toMatchObject({ ok: true });
  });

  it("two refreshes with one token end the connection there: the reason for single flight", async () => {
    await bench().connected("rakomi");
    const { oauth } = bench().found("rakomi").provider;
    const refreshToken = (await bench().tokens("rakomi"))?.refreshToken ?? "";
    await Promise.all([1, 2].map(() => oauth.refresh(refreshToken, bench().deadline())));
    await bench().outdate("rakomi");
    expect(await userInfo()).toMatchObject(endedByReuse);
  });

  it("an old refresh token that is used elsewhere ends the connection", async () => {
    await bench().connected("rakomi");
    const stolen = (await bench().tokens("rakomi"))?.refreshToken ?? "";
    await bench().outdate("rakomi");
    expect(await userInfo()).toMatchObject({ ok: true });
    await bench().found("rakomi").provider.oauth.refresh(stolen, bench().deadline());
    expect(await userInfo()).toMatchObject(endedByReuse);
    expect(await bench().tokens("rakomi")).toBeUndefined();
  });

  it("disconnecting revokes there, and the old access token no longer works", async () => {
    await bench().connected("rakomi");
    const { accessToken = "" } = (await bench().tokens("rakomi")) ?? {};
    const sent = bench().listen();
    await bench().disconnect("rakomi");
    await bench().settled();
    expect(sent.map(({ url }) => url.pathname)).toEqual(["/oauth/revoke"]);
    expect(new URLSearchParams(sent[0]?.body).get("token_type_hint")).toBe("refresh_token");
    const answer = await fetch(`${bench().providers.rakomi.origin}/oauth/userinfo`, {
      headers: { Authorization: `Bearer ${accessToken}` },
    });
    expect(answer.status).toBe(401);
  });

  it.each([{ kind: "hang" }, { kind: "status", status: 500 }] as const)(
    "a revocation that fails (%j) keeps nobody connected",
    async (effect) => {
      await bench().connected("rakomi");
      await bench().providers.rakomi.setFault({ endpoint: "/oauth/revoke", effect });
      await bench().disconnect("rakomi");
      expect(await bench().tokens("rakomi")).toBeUndefined();
      await bench().settled();
    },
  );

  it("a state that another browser began is refused, and a callback with nothing in it", async () => {
    const callback = await bench().callback("rakomi");
    expect(await bench().complete(callback, "eve")).toEqual(fail("oauth/invalid_state"));
    expect(await bench().complete(new URL("/oauth/callback/rakomi", callback), "ada")).toEqual(
      fail("oauth/invalid_callback"),
    );
  });
});
