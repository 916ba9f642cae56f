import { createClient } from "@echoxyz/sonar-core";
import { afterEach, describe, expect, it } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { upstreamFetch } from "@/lib/http/upstream";
import type { Result } from "@/lib/result";
import { sonarResult } from "@/lib/sonar/refusals";
import { answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";

const CANARY = "canary-8c1f";

let server: LocalServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** The result of one call for an answer of Sonar, through the real sonar-core, over HTTP. */
async function settled(
  kind: Parameters<typeof sonarResult>[0],
  handle: Handler,
  timeoutMs = 20_000,
): Promise<Result<unknown>> {
  server = await startLocalServer(handle);
  const client = createClient({
    apiURL: server.origin,
    fetch: upstreamFetch("test", deadlineIn(timeoutMs), () => false),
  });
  const exchange = { code: "c", codeVerifier: "v", redirectURI: "http://localhost/" };
  const calls = {
    api: () => client.myProfile(),
    exchange: () => client.exchangeAuthorizationCode(exchange),
    refresh: () => client.refreshToken({ refreshToken: "r" }),
  };
  return sonarResult<unknown>(kind, calls[kind]);
}

function withStatus(status: number): Handler {
  return (_request, response) => answerJson(response, status, { code: CANARY, message: CANARY, error: CANARY });
}

describe("a refresh that is refused", () => {
  it.each([
    [400, "invalid_grant", "auth/invalid_refresh_token"],
    [401, "invalid_token", "auth/invalid_refresh_token"],
    [400, "invalid_request", "oauth/invalid_request"],
    [401, "invalid_client", "oauth/invalid_client"],
    [400, "unauthorized_client", "oauth/unauthorized_client"],
    [400, "unsupported_grant_type", "oauth/unsupported_grant_type"],
    [400, "server_error", "oauth/network_error"],
    [400, "temporarily_unavailable", "oauth/network_error"],
    [401, "slow_down", "oauth/network_error"],
  ] as const)(
    "with %d and %s becomes %s: only what blames the token ends the connection",
    async (status, error, code) => {
      const refused: Handler = (_request, response) =>
        answerJson(response, status, { error, error_description: CANARY });
      const result = await settled("refresh", refused);
      expect(result).toMatchObject({ ok: false, error: { code, status } });
      expect(JSON.stringify(result)).not.toContain(CANARY);
    },
  );
});

describe("a status", () => {
  it.each([
    ["exchange", 400, "oauth/invalid_grant"],
    ["exchange", 401, "oauth/invalid_client"],
    ["exchange", 403, "oauth/unauthorized_client"],
    ["exchange", 500, "oauth/network_error"],
    ["refresh", 400, "auth/invalid_refresh_token"],
    ["refresh", 401, "auth/invalid_refresh_token"],
    // Whatever else a refresh is answered with, the connection is kept. A refusal offers to connect again, a fault to try again.
    ["refresh", 402, "oauth/invalid_request"],
    ["refresh", 403, "oauth/unauthorized_client"],
    ["refresh", 404, "oauth/invalid_request"],
    ["refresh", 408, "oauth/network_error"],
    ["refresh", 422, "oauth/invalid_request"],
    ["refresh", 429, "oauth/network_error"],
    ["refresh", 500, "oauth/network_error"],
    ["refresh", 503, "oauth/network_error"],
    ["api", 400, "api/invalid_request"],
    ["api", 401, "api/unauthorized"],
    ["api", 403, "api/forbidden"],
    ["api", 404, "api/not_found"],
    ["api", 418, "api/server_error"],
    ["api", 422, "api/invalid_request"],
    ["api", 429, "api/rate_limited"],
    ["api", 502, "api/server_error"],
  ] as const)("of %s, %d, becomes %s, with nothing of the body in it", async (kind, status, code) => {
    const result = await settled(kind, withStatus(status));
    expect(result).toMatchObject({ ok: false, error: { code, status } });
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });
});

describe("a gateway's page in the place of an answer", () => {
  const codes = { exchange: "oauth/network_error", refresh: "oauth/network_error", api: "api/server_error" } as const;
  const cases = (["exchange", "refresh", "api"] as const).flatMap((kind) =>
    [400, 401, 403, 404, 418].map((status) => [kind, status] as const),
  );

  it.each(cases)("to %s, with %d, says nothing of tokens, permissions or this site", async (kind, status) => {
    const page: Handler = (_request, response) =>
      void response.writeHead(status, { "Content-Type": "text/html" }).end(`\n<!doctype html><h1>${CANARY}</h1>`);
    const result = await settled(kind, page);
    expect(result).toMatchObject({ ok: false, error: { code: codes[kind], reason: "server_error", status } });
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });
});

describe("a gateway's text in the place of an answer", () => {
  const bodies = ["", "Unauthorized\n", "RBAC: access denied", "error code: 1020", `"${CANARY}"`];
  const cases = [
    ["refresh", 400, "oauth/invalid_response"],
    ["refresh", 401, "oauth/invalid_response"],
    ["exchange", 403, "oauth/network_error"],
    ["api", 403, "api/server_error"],
    ["api", 401, "api/unauthorized"],
  ] as const;

  it.each(cases)("to %s, with %d, is %s: it ends no connection", async (kind, status, code) => {
    for (const body of bodies) {
      const result = await settled(kind, (_request, response) => void response.writeHead(status).end(body));
      expect(result).toMatchObject({ ok: false, error: { code, status } });
      await server?.close();
    }
  });
});

describe("an answer that cannot be used", () => {
  const codes = [
    ["exchange", "oauth/invalid_response"],
    ["refresh", "oauth/invalid_response"],
    ["api", "api/invalid_response"],
  ] as const;
  const bodies = [`<html>${CANARY}</html>`, "", `{"access_token":"${CANARY}`];
  const cases = codes.flatMap(([kind, code]) => bodies.map((body) => [kind, body, code] as const));

  it.each(cases)("of %s, 200 with %j, becomes %s", async (kind, body, code) => {
    const result = await settled(kind, (_request, response) => void response.writeHead(200).end(body));
    expect(result).toMatchObject({ ok: false, error: { code, status: 200 } });
    expect(JSON.stringify(result)).not.toContain(CANARY);
  });
});

describe("no answer", () => {
  const codes = { exchange: "oauth/network_error", refresh: "oauth/network_error", api: "api/network_error" } as const;
  const kinds = ["exchange", "refresh", "api"] as const;

  it.each(kinds)("to %s in time is a timeout", async (kind) => {
    const error = { code: codes[kind], reason: "timeout", recovery: "retry" };
    expect(await settled(kind, () => undefined, 150)).toMatchObject({ error });
  });

  it.each(kinds)("to %s that ends in time is a timeout", async (kind) => {
    const stalled: Handler = (_request, response) => void response.writeHead(200).write("{");
    expect(await settled(kind, stalled, 150)).toMatchObject({ error: { code: codes[kind], reason: "timeout" } });
  });

  it.each([
    ["the connection broke", (_request, response) => void response.destroy()],
    [
      "the answer broke off",
      (_request, response) => {
        response.writeHead(200, { "Content-Length": "100" }).write("{");
        setImmediate(() => response.destroy());
      },
    ],
    ["it was a redirect", (_request, response) => void response.writeHead(302, { Location: "/" }).end()],
  ] satisfies [string, Handler][])("because %s means unreachable", async (_case, handle) => {
    const error = { code: "api/network_error", reason: "unreachable" };
    expect(await settled("api", handle)).toMatchObject({ ok: false, error });
  });
});

describe("everything else", () => {
  it("is returned if the call succeeds", async () => {
    const result = await settled("api", (_request, response) => answerJson(response, 200, { EntityID: "AUX-1" }));
    expect(result).toEqual({ ok: true, data: { EntityID: "AUX-1" } });
  });

  it("is a bug and rethrown", async () => {
    await expect(sonarResult("api", () => Promise.reject(new RangeError("bug")))).rejects.toThrow(RangeError);
  });

  it("is a bug also when it is a TypeError like fetch's, but not of fetch", async () => {
    const answer: { list: string[] } = JSON.parse("{}");
    const bug = () => Promise.resolve().then(() => answer.list.length);
    await expect(sonarResult("api", bug)).rejects.toThrow(TypeError);
    await expect(sonarResult("api", () => Promise.reject(new DOMException("bug", "DataError")))).rejects.toThrow("bug");
  });
});
