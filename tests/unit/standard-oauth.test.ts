import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import { fail, success } from "@/lib/result";
import type { Handler } from "@/tests/support/local-server";
import {
  adapterOf,
  answering,
  NOW,
  openStandardBench,
  plainSpec,
  REDIRECT_URI,
  tokens,
  type StandardBench,
} from "@/tests/support/oauth/standard-bench";

let bench: StandardBench | undefined;
afterEach(async () => {
  await bench?.server.close();
  bench = undefined;
});

async function open(handle: Handler, changes: Partial<OAuthSpec> = {}) {
  bench = await openStandardBench(handle, changes);
  return bench;
}

async function begin(changes: Partial<OAuthSpec> = {}, redirectUri = REDIRECT_URI) {
  const begun = await adapterOf({ ...plainSpec("https://id.example.com"), ...changes }).begin(
    redirectUri,
    deadlineIn(1_000),
  );
  if (!begun.ok) throw new Error(begun.error.code);
  return { ...begun.data, query: new URL(begun.data.url).searchParams };
}

describe("beginning", () => {
  it("asks for a code with PKCE S256, the scopes and a state", async () => {
    const { url, query, state, codeVerifier = "" } = await begin();
    expect(new URL(url).origin + new URL(url).pathname).toBe("https://id.example.com/authorize");
    expect(Object.fromEntries(query)).toEqual({
      client_id: "client",
      redirect_uri: REDIRECT_URI,
      response_type: "code",
      state,
      scope: "read write",
      code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
      code_challenge_method: "S256",
    });
  });

  it("sends no challenge and keeps no verifier where the provider has no PKCE, and no scope where there is none", async () => {
    const { query, codeVerifier } = await begin({ pkce: false, scopes: [] });
    expect([...query.keys()].sort()).toEqual(["client_id", "redirect_uri", "response_type", "state"]);
    expect(codeVerifier).toBeUndefined();
  });

  it("writes scopes with a plus between them, no blank into any name, and keeps a redirect URI's own query intact", async () => {
    const redirectUri = "http://localhost:3000/cb?x=1&y=2";
    const { url, query } = await begin({ pkce: false, scopes: ["read_user", "write_data"] }, redirectUri);
    expect(url).toContain("scope=read_user+write_data");
    expect([...query.keys()].filter((name) => /\s/.test(name))).toEqual([]);
    expect(query.get("redirect_uri")).toBe(redirectUri);
    expect(query.has("y")).toBe(false);
  });

  it("makes a new state of 256 bits and a new verifier each time", async () => {
    const begun = await Promise.all(Array.from({ length: 20 }, () => begin()));
    expect(new Set(begun.flatMap(({ state, codeVerifier }) => [state, codeVerifier])).size).toBe(40);
    for (const { state, codeVerifier = "" } of begun) {
      expect(Buffer.from(state, "base64url")).toHaveLength(32);
      expect(codeVerifier).toMatch(/^[\w.~-]{43,128}$/);
    }
  });

  it("keeps a query that the authorize address has of its own", async () => {
    const endpoints = {
      authorization: "https://id.example.com/authorize?tenant=7",
      token: "https://id.example.com/token",
    };
    expect((await begin({ endpoints })).query.get("tenant")).toBe("7");
  });
});

describe("the exchange", () => {
  it("sends a form with the secret in the body and no Authorization header", async () => {
    const { exchange, server } = await open(answering(tokens()));
    expect(await exchange()).toMatchObject({ ok: true });
    const [{ method, path, headers, body } = { method: "", path: "", headers: {}, body: "" }] = server.requests;
    expect([method, path, headers["content-type"]]).toEqual([
      "POST",
      "/token",
      expect.stringContaining("x-www-form-urlencoded"),
    ]);
    expect(headers.authorization).toBeUndefined();
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: REDIRECT_URI,
      client_id: "client",
      client_secret: "s3cr:et/+% ~",
      code_verifier: "v".repeat(43),
    });
  });

  it("sends JSON where the provider wants JSON, and no verifier where there is no PKCE", async () => {
    const { exchange, server } = await open(answering(tokens()), { tokenBody: "json", pkce: false });
    expect(await exchange()).toMatchObject({ ok: true });
    expect(server.requests[0]?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
      grant_type: "authorization_code",
      code: "c",
      redirect_uri: REDIRECT_URI,
      client_id: "client",
      client_secret: "s3cr:et/+% ~",
    });
  });

  it("encodes id and secret for HTTP Basic, and keeps them out of the body", async () => {
    const { exchange, server } = await open(answering(tokens()), { clientAuth: "basic", clientId: "a:b" });
    expect(await exchange()).toMatchObject({ ok: true });
    const credentials = Buffer.from(server.requests[0]?.headers.authorization?.slice(6) ?? "", "base64").toString();
    expect(credentials).toBe("a%3Ab:s3cr%3Aet%2F%2B%25+%7E");
    expect(server.requests[0]?.body).not.toContain("s3cr");
  });

  it("is not made without the verifier where one was promised", async () => {
    const { adapter, server } = await open(answering(tokens()));
    const response = { callback: new URLSearchParams("code=c&state=s"), state: "s", redirectUri: REDIRECT_URI };
    expect(await adapter.exchange(response, deadlineIn(1_000))).toEqual(fail("oauth/invalid_state"));
    expect(server.requests).toEqual([]);
  });

  it("keeps what it gets, with times by our own clock", async () => {
    const { exchange } = await open(answering(tokens({ scope: "read" })));
    const obtainedAt = Math.floor(NOW / 1_000);
    const times = { obtainedAt, expiresAt: obtainedAt + 3_600 };
    expect(await exchange()).toEqual(success({ accessToken: "at-1", refreshToken: "rt-1", ...times }));
  });

  it("takes tokens without a lifetime or a refresh token", async () => {
    const { exchange } = await open(answering(tokens({ expires_in: undefined, refresh_token: undefined })));
    expect(await exchange()).toEqual(success({ accessToken: "at-1", obtainedAt: Math.floor(NOW / 1_000) }));
  });

  it.each([
    ["another issuer's `iss`", "code=c&state=s&iss=https%3A%2F%2Fevil.example.com"],
    ["`iss` twice", "code=c&state=s&iss=https%3A%2F%2Fissuer.example.com&iss=https%3A%2F%2Fissuer.example.com"],
  ])("refuses %s before asking for anything", async (_case, query) => {
    const { exchange, server } = await open(answering(tokens()));
    expect(await exchange(query)).toEqual(fail("oauth/issuer_mismatch"));
    expect(server.requests).toEqual([]);
  });

  it("takes the issuer's own `iss`, and none from a server that does not say it sends one", async () => {
    const { exchange } = await open(answering(tokens()));
    expect(await exchange("code=c&state=s&iss=https%3A%2F%2Fissuer.example.com")).toMatchObject({ ok: true });
    expect(await exchange()).toMatchObject({ ok: true });
  });
});

describe("the refresh", () => {
  it("sends the refresh token and returns the new one", async () => {
    const { refresh, server } = await open(answering(tokens()), { tokenBody: "json" });
    expect(await refresh()).toMatchObject({ data: { accessToken: "at-1", refreshToken: "rt-1" } });
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
      grant_type: "refresh_token",
      refresh_token: "rt-0",
      client_id: "client",
      client_secret: "s3cr:et/+% ~",
    });
  });

  it("returns the old refresh token where no new one comes", async () => {
    const { refresh } = await open(answering(tokens({ refresh_token: undefined })));
    expect(await refresh()).toMatchObject({ data: { refreshToken: "rt-0" } });
  });

  it("says that the connection is over for invalid_grant only", async () => {
    const refused = await open(answering({ error: "invalid_grant" }, 400));
    expect(await refused.refresh()).toEqual(fail("auth/invalid_refresh_token", { status: 400 }));
    await refused.server.close();
    const { refresh } = await open(answering({ error: "invalid_client" }, 401));
    expect(await refresh()).toEqual(fail("oauth/invalid_client", { status: 401 }));
  });
});

describe("revoking", () => {
  it("names the refresh token, with a hint, as this client", async () => {
    const { adapter, server } = await open(answering({}));
    const ended = { accessToken: "at", refreshToken: "rt" };
    expect(await adapter.revoke?.(ended, deadlineIn(1_000))).toEqual(success({ revoked: true }));
    expect(server.requests[0]?.path).toBe("/revoke");
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      token: "rt",
      token_type_hint: "refresh_token",
      client_id: "client",
      client_secret: "s3cr:et/+% ~",
    });
  });

  it("names the access token where there is no other, and asks nothing of a provider without an endpoint for it", async () => {
    const { adapter, server } = await open(answering({}));
    await adapter.revoke?.({ accessToken: "at" }, deadlineIn(1_000));
    expect(new URLSearchParams(server.requests[0]?.body).get("token_type_hint")).toBe("access_token");
    const { authorization, token } = plainSpec(server.origin).endpoints;
    const without = adapterOf({ ...plainSpec(server.origin), endpoints: { authorization, token } });
    expect(await without.revoke?.({ accessToken: "at" }, deadlineIn(1_000))).toEqual(success({ revoked: false }));
    expect(server.requests).toHaveLength(1);
  });
});
