import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { fail } from "@/lib/result";
import { OpenIdBench } from "@/tests/support/oauth/openid-bench";

const ENDED = { ok: false, error: { code: "auth/invalid_refresh_token", recovery: "reconnect" } };

/** The standard adapter against oidc-provider: what we got wrong about the standards, our own emulators would get wrong too. */
describe.each(["basic", "post"] as const)("a certified OpenID provider, the client's secret as %s", (clientAuth) => {
  let bench: OpenIdBench;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ bench, close } = await OpenIdBench.open(clientAuth));
  });
  afterEach(() => bench.settled());
  afterAll(() => close());

  it("connects: discovery, code, PKCE, id token; and its API answers", async () => {
    const url = await bench.begin();
    expect(url.origin).toBe(bench.server.issuer);
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    await bench.connected();
    expect(await bench.call()).toEqual({ ok: true, data: { sub: "ada", email: "ada@example.com" } });
  });

  it("does not give tokens for another verifier", async () => {
    const callback = await bench.callback();
    const state = callback.searchParams.get("state") ?? "";
    const transaction = await bench.engine.oauthRequests.takePKCEVerifier(state, "ada", bench.sessionIdHash);
    if (!transaction) throw new Error("no transaction");
    await bench.engine.oauthRequests.setPKCEVerifier(state, { ...transaction, codeVerifier: "v".repeat(43) });
    expect(await bench.complete(callback)).toEqual(fail("oauth/invalid_grant", { status: 400 }));
  });

  it("refuses a wrong secret", async () => {
    const callback = await bench.callback();
    const answer = await bench.complete(callback, bench.found("wrong"));
    expect(answer).toMatchObject({ ok: false, error: { code: "oauth/invalid_client", recovery: "none" } });
  });

  it("names itself in the callback (`iss`), and another name or none is refused", async () => {
    const callback = await bench.callback();
    expect(callback.searchParams.get("iss")).toBe(bench.server.issuer);
    callback.searchParams.set("iss", "https://evil.example.com");
    const before = bench.server.tokenRequests();
    expect(await bench.complete(callback)).toEqual(fail("oauth/issuer_mismatch"));
    const nameless = await bench.callback();
    nameless.searchParams.delete("iss");
    expect(await bench.complete(nameless)).toEqual(fail("oauth/issuer_mismatch"));
    expect(bench.server.tokenRequests()).toBe(before);
  });

  it("reports that the user has denied", async () => {
    expect(await bench.complete(await bench.callback("deny"))).toEqual(fail("oauth/access_denied"));
  });

  it("rotates refresh tokens, and the connection survives several expiries in a row", async () => {
    await bench.connected();
    const seen = new Set([await bench.refreshToken()]);
    for (let expiry = 0; expiry < 3; expiry++) {
      await bench.outdate();
      expect(await bench.call()).toMatchObject({ ok: true });
      seen.add(await bench.refreshToken());
    }
    expect(seen.size).toBe(4);
  });

  it("ten calls at once with an expired token make one flight and one refresh, and the connection continues", async () => {
    await bench.connected();
    await bench.outdate();
    const leases = vi.spyOn(bench.engine.tokens, "takeLease");
    const before = bench.server.tokenRequests();
    const answers = await Promise.all(Array.from({ length: 10 }, () => bench.call()));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(bench.server.tokenRequests() - before).toBe(1);
    expect(leases).toHaveBeenCalledTimes(1);
    await bench.outdate();
    expect(await bench.call()).toMatchObject({ ok: true });
  });

  it("ends the whole connection when a rotated refresh token is used again", async () => {
    await bench.connected();
    const old = await bench.refreshToken();
    await bench.outdate();
    expect(await bench.call()).toMatchObject({ ok: true });
    expect(await bench.refreshWith(old)).toMatchObject(ENDED);
    expect(await bench.call()).toMatchObject(ENDED);
    expect(await bench.refreshToken()).toBe("");
  });

  it("ends the tokens of a code that is used again", async () => {
    const callback = await bench.callback();
    const state = callback.searchParams.get("state") ?? "";
    const transaction = await bench.engine.oauthRequests.takePKCEVerifier(state, "ada", bench.sessionIdHash);
    if (!transaction?.codeVerifier) throw new Error("no transaction");
    const { codeVerifier, redirectUri } = transaction;
    await bench.engine.oauthRequests.setPKCEVerifier(state, transaction);
    expect(await bench.complete(callback)).toMatchObject({ ok: true });
    const again = { callback: callback.searchParams, state, codeVerifier, redirectUri };
    const answer = await bench.found().provider.oauth.exchange(again, bench.deadline());
    expect(answer).toEqual(fail("oauth/invalid_grant", { status: 400 }));
    expect(await bench.call()).toMatchObject(ENDED);
  });

  it("revokes on disconnecting: a copy of the refresh token no longer works", async () => {
    await bench.connected();
    const copy = await bench.refreshToken();
    await bench.disconnect();
    expect(await bench.refreshWith(copy)).toMatchObject(ENDED);
  });
});
