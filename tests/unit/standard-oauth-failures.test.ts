import { afterEach, describe, expect, it, vi } from "vitest";
import type { FailureCode } from "@/lib/failures";
import { deadlineIn } from "@/lib/http/deadline";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import { fail } from "@/lib/result";
import { freePort, type Handler } from "@/tests/support/local-server";
import { idToken, hang, reset } from "@/tests/support/oauth/token-server";
import {
  adapterOf,
  answering,
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

async function open(handle: Handler, changes: Partial<OAuthSpec> = {}, timeoutMs?: number) {
  bench = await openStandardBench(handle, changes, timeoutMs);
  return bench;
}

const html = (status: number): Handler => {
  return (_request, response) =>
    void response.writeHead(status, { "Content-Type": "text/html" }).end("<h1>canary</h1>");
};

/** Pitfalls of the library and of servers, by their numbers in providers.md section 3.3. */
describe("at the token endpoint", () => {
  it.each([
    ["invalid_grant", "oauth/invalid_grant"],
    ["invalid_client", "oauth/invalid_client"],
    ["invalid_request", "oauth/invalid_request"],
    ["invalid_scope", "oauth/invalid_scope"],
    ["unauthorized_client", "oauth/unauthorized_client"],
    ["unsupported_grant_type", "oauth/unsupported_grant_type"],
    ["something_else", "oauth/invalid_response"],
  ] satisfies [string, FailureCode][])("the error %s is %s", async (error, code) => {
    const { exchange } = await open(answering({ error, error_description: "canary" }, 400));
    expect(await exchange()).toEqual(fail(code, { status: 400 }));
  });

  it("a wrong secret is invalid_client, in the body and in a challenge", async () => {
    const inBody = await open(answering({ error: "invalid_client" }, 401));
    expect(await inBody.exchange()).toEqual(fail("oauth/invalid_client", { status: 401 }));
    await inBody.server.close();
    const challenge = { "WWW-Authenticate": 'Basic realm="id", error="invalid_client"' };
    const challenged = await open(answering({ error: "invalid_client" }, 401, challenge), { clientAuth: "basic" });
    expect(await challenged.exchange()).toEqual(fail("oauth/invalid_client", { status: 401 }));
    await challenged.server.close();
    const bare = await open(answering({}, 401, { "WWW-Authenticate": 'Basic realm="id"' }), { clientAuth: "basic" });
    expect(await bare.exchange()).toEqual(fail("oauth/invalid_client", { status: 401 }));
    await bare.server.close();
    const page: Handler = (_request, response) =>
      void response.writeHead(401, { "WWW-Authenticate": 'Basic realm="id"' }).end("<h1>401</h1>");
    const withPage = await open(page, { clientAuth: "basic" });
    expect(await withPage.exchange()).toEqual(fail("oauth/invalid_client", { status: 401 }));
  });

  it.each([400, 401, 403, 404, 502])("an HTML page with %d is the network's fault, with its status", async (status) => {
    const { exchange, refresh } = await open(html(status));
    const failure = fail("oauth/network_error", { reason: "server_error", status });
    expect(await exchange()).toEqual(failure);
    expect(await refresh()).toEqual(failure);
  });

  it.each([answering({ error: "slow_down" }, 429), html(429)])(
    "429 is an overloaded server, case %#",
    async (handle) => {
      const { exchange } = await open(handle);
      expect(await exchange()).toEqual(fail("oauth/network_error", { reason: "overloaded", status: 429 }));
    },
  );

  it("a server error in JSON is no refusal", async () => {
    const { refresh } = await open(answering({ error: "invalid_grant" }, 503));
    expect(await refresh()).toEqual(fail("oauth/network_error", { reason: "server_error", status: 503 }));
  });

  it("where nobody listens, a request is tried twice and the failure says so", async () => {
    const sent = vi.spyOn(globalThis, "fetch");
    const adapter = adapterOf(plainSpec(`http://127.0.0.1:${await freePort()}`));
    expect(await adapter.refresh("rt-0", deadlineIn(5_000))).toEqual(
      fail("oauth/network_error", { reason: "unreachable" }),
    );
    expect(sent).toHaveBeenCalledTimes(2);
  });

  it.each([
    ["hangs", hang, "timeout"],
    ["breaks the connection", reset, "unreachable"],
  ] as const)("a server that %s is asked once: it may have processed the request", async (_case, handle, reason) => {
    const { refresh, server } = await open(handle, {}, 300);
    expect(await refresh()).toEqual(fail("oauth/network_error", { reason }));
    expect(server.requests).toHaveLength(1);
  });

  it("an answer that stops half-way is the network's fault", async () => {
    const { exchange } = await open(
      (_request, response) => {
        response.writeHead(200, { "Content-Type": "application/json" }).write('{"access_token":');
      },
      {},
      300,
    );
    expect(await exchange()).toEqual(fail("oauth/network_error", { reason: "timeout" }));
  });

  it("a redirect is not followed: secret and code stay here", async () => {
    const { exchange, server } = await open((_request, response) => {
      response.writeHead(307, { Location: "/elsewhere" }).end();
    });
    expect(await exchange()).toEqual(fail("oauth/network_error", { reason: "unreachable" }));
    expect(server.requests).toHaveLength(1);
  });

  it("http is refused except on this machine", async () => {
    const sent = vi.spyOn(globalThis, "fetch");
    const endpoints = { authorization: "http://id.example.com/a", token: "http://id.example.com/t" };
    const adapter = adapterOf({ ...plainSpec("https://id.example.com"), endpoints });
    expect(await adapter.refresh("rt-0", deadlineIn(1_000))).toEqual(fail("oauth/invalid_response"));
    expect(sent).not.toHaveBeenCalled();
  });

  it.each([
    ["a token_type that is no text", tokens({ token_type: 7 })],
    ["a token bound to a key", tokens({ token_type: "DPoP" })],
    ["an unknown token_type", tokens({ token_type: "mac" })],
    ["no access token", tokens({ access_token: undefined })],
    ["an empty access token", tokens({ access_token: "" })],
    ["an access token with a line break", tokens({ access_token: "at-1\r\nX: y" })],
    ["an access token with a blank at its end", tokens({ access_token: "at-1 " })],
    ["an access token with letters that no header can have", tokens({ access_token: "at-ŧōken" })],
    ["an endless access token", tokens({ access_token: "x".repeat(16_385) })],
    ["an access token that is no text", tokens({ access_token: 7 })],
    ["an error of the server's own with status 200", { error: "oops" }],
    ["a list", []],
  ])("%s is an answer that cannot be read", async (_case, body) => {
    const { exchange } = await open(answering(body));
    expect(await exchange()).toMatchObject({ error: { code: "oauth/invalid_response" } });
  });

  it("status 204 is an answer that cannot be read", async () => {
    const { exchange } = await open((_request, response) => void response.writeHead(204).end());
    expect(await exchange()).toEqual(fail("oauth/invalid_response", { status: 204 }));
  });

  it("an error with a status of success is still that error", async () => {
    const { exchange, refresh } = await open(answering({ error: "invalid_grant" }));
    expect(await exchange()).toMatchObject(fail("oauth/invalid_grant"));
    expect(await refresh()).toMatchObject(fail("auth/invalid_refresh_token"));
  });

  it("the redirect URI is the one that was configured, wherever the callback came in", async () => {
    const { exchange, server } = await open(answering(tokens()));
    await exchange();
    expect(new URLSearchParams(server.requests[0]?.body).get("redirect_uri")).toBe(REDIRECT_URI);
  });

  it("an id token is checked against the issuer, which is not where the endpoints are", async () => {
    const good = idToken({ iss: "https://issuer.example.com", aud: "client" });
    const first = await open(answering(tokens({ id_token: good })));
    expect(await first.exchange()).toMatchObject({ ok: true });
    await first.server.close();
    for (const claims of [
      { iss: "https://evil.example.com", aud: "client" },
      { iss: "https://issuer.example.com", aud: "other" },
    ]) {
      const { exchange, server } = await open(answering(tokens({ id_token: idToken(claims) })));
      expect(await exchange()).toEqual(fail("oauth/invalid_response"));
      await server.close();
    }
  });

  it("nothing of an upstream's answer gets into a Failure", async () => {
    const { exchange } = await open(answering({ error: "invalid_grant", error_description: "canary canary" }, 400));
    expect(JSON.stringify(await exchange())).not.toContain("canary");
  });
});

/** The code or refresh token for these tokens is used up, so that they must not be lost. */
describe.each(["exchange", "refresh"] as const)("good tokens of the %s", (step) => {
  async function received(handle: Handler) {
    const opened = await open(handle);
    const result = await opened[step]();
    return result.ok ? result.data : result.error.code;
  }
  const good = { accessToken: "at-1", refreshToken: "rt-1", expiresAt: 1_800_003_600 };
  const { refreshToken: _new, ...withoutRefresh } = good;
  const withOld = step === "refresh" ? { ...good, refreshToken: "rt-0" } : withoutRefresh;

  it.each([null, undefined, "", " ", 7, {}, [], "x".repeat(16_385)])(
    "are kept without a new refresh token, sent as %j; an old one stays",
    async (refresh_token) => {
      expect(await received(answering(tokens({ refresh_token })))).toEqual({ ...withOld, obtainedAt: 1_800_000_000 });
    },
  );

  it.each([null, "", 7, [], {}])("are kept with a scope, an id token or a type sent as %j", async (odd) => {
    expect(await received(answering(tokens({ scope: odd })))).toMatchObject(good);
    expect(await received(answering(tokens({ id_token: odd })))).toMatchObject(good);
    if (!odd) expect(await received(answering(tokens({ token_type: odd })))).toMatchObject(good);
  });

  it.each([undefined, "bearer", "BEARER", " Bearer "])("are kept with the type %j", async (token_type) => {
    expect(await received(answering(tokens({ token_type })))).toMatchObject(good);
  });

  it.each([
    ["3600", 3_600],
    [3_600.0, 3_600],
    ["3600.5", 3_600],
    [3e10, 365 * 24 * 60 * 60],
    [null, undefined],
    ["", undefined],
    [0, undefined],
    [-1, undefined],
    ["long", undefined],
    [[], undefined],
  ])("are kept with a lifetime sent as %j", async (expires_in, lifetime) => {
    expect(await received(answering(tokens({ expires_in })))).toEqual({
      accessToken: "at-1",
      refreshToken: "rt-1",
      obtainedAt: 1_800_000_000,
      ...(lifetime !== undefined && { expiresAt: 1_800_000_000 + lifetime }),
    });
  });

  it("are kept with status 201, and as JSON that calls itself text", async () => {
    expect(await received(answering(tokens(), 201))).toMatchObject(good);
    const asText: Handler = (_request, response) =>
      void response.writeHead(200, { "Content-Type": "text/html" }).end(`\ufeff${JSON.stringify(tokens())}`);
    expect(await received(asText)).toMatchObject(good);
  });
});

/** README: only a 400 or 401 ends a connection. Many servers name the reason otherwise than RFC 6749 section 5.2 does. */
describe("a refresh", () => {
  it.each(["x.y.z", "text", `${btoa('{"alg":"none"}')}.${btoa('{"iss":"https://other.example"}')}.`])(
    "keeps its tokens whatever the id token beside them, which nobody reads: %s",
    async (id_token) => {
      const { refresh } = await open(answering(tokens({ id_token })));
      expect(await refresh()).toMatchObject({ ok: true, data: { accessToken: "at-1", refreshToken: "rt-1" } });
    },
  );

  const bearer = { "WWW-Authenticate": 'Bearer error="invalid_token"' };

  it.each([
    ["invalid_grant", 400, { error: "invalid_grant" }],
    ["an error of the server's own", 401, { error: "invalid_token" }],
    ["an error that is an object", 400, { error: { code: 400, message: "canary" } }],
    ["a body without an error", 401, { type: "authentication_error", message: "canary" }],
    ["a challenge about the token", 401, { message: "canary" }, bearer],
    ["an unnamed challenge about the token", 401, {}, { "WWW-Authenticate": "Bearer" }],
  ] satisfies [string, number, object, Record<string, string>?][])(
    "that is answered with %s (%d) ends the connection",
    async (...[_case, status, body, headers]) => {
      const { refresh } = await open(answering(body, status, headers));
      expect(await refresh()).toEqual(fail("auth/invalid_refresh_token", { status }));
    },
  );

  it.each([
    ["invalid_client", "oauth/invalid_client"],
    ["invalid_request", "oauth/invalid_request"],
    ["invalid_scope", "oauth/invalid_scope"],
    ["unauthorized_client", "oauth/unauthorized_client"],
    ["unsupported_grant_type", "oauth/unsupported_grant_type"],
    ["temporarily_unavailable", "oauth/network_error"],
  ] satisfies [string, FailureCode][])("that is answered with %s keeps it", async (error, code) => {
    const { refresh } = await open(answering({ error }, 400));
    expect(await refresh()).toEqual(fail(code, { status: 400 }));
  });

  it("that is answered with a challenge to the client keeps it", async () => {
    const challenge = { "WWW-Authenticate": 'Basic realm="id"' };
    const { refresh } = await open(answering({}, 401, challenge), { clientAuth: "basic" });
    expect(await refresh()).toEqual(fail("oauth/invalid_client", { status: 401 }));
  });

  it("that is answered with 403 or 404 keeps it", async () => {
    for (const status of [403, 404]) {
      const { refresh, server } = await open(answering({ error: "other" }, status));
      expect(await refresh()).toEqual(fail("oauth/invalid_response", { status }));
      await server.close();
    }
  });
});
