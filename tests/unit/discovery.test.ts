import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as log from "@/lib/http/log";
import { deadlineIn } from "@/lib/http/deadline";
import type { OAuthSpec } from "@/lib/oauth/oauth-spec";
import { standardOAuth } from "@/lib/oauth/standard-oauth";
import { fail } from "@/lib/result";
import { answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";
import { plainSpec, REDIRECT_URI, tokens } from "@/tests/support/oauth/standard-bench";
import { hang, holding } from "@/tests/support/oauth/token-server";

const ISSUER = "https://issuer.example.com";
const ACCOUNTS = "https://accounts.example.com";
const TEN_MINUTES = 10 * 60 * 1_000;

let server: LocalServer;
let answer: Handler;

beforeEach(async () => {
  server = await startLocalServer((request, response) => answer(request, response));
  answer = (_request, response) => answerJson(response, 200, metadata());
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  return server.close();
});

function metadata(changes: object = {}): object {
  const endpoints = { authorization_endpoint: `${ACCOUNTS}/authorize`, token_endpoint: `${server.origin}/other-token` };
  return { issuer: ISSUER, ...endpoints, ...changes };
}

function adapter(changes: Partial<OAuthSpec> = {}) {
  const spec = { ...plainSpec(server.origin), authorizeOrigins: [ACCOUNTS, server.origin], discoverAt: server.origin };
  return standardOAuth({ ...spec, ...changes }).oauth;
}

async function authorizeAddress(oauth = adapter()): Promise<string> {
  const begun = await oauth.begin(REDIRECT_URI, deadlineIn(5_000));
  if (!begun.ok) return begun.error.code;
  const { origin, pathname } = new URL(begun.data.url);
  return origin + pathname;
}

const FALLBACK = () => `${server.origin}/authorize`;

describe("discovery", () => {
  it("sends the user to the authorize page that the document names, on whatever host", async () => {
    expect(await authorizeAddress()).toBe(`${ACCOUNTS}/authorize`);
    expect(server.requests.map(({ path }) => path)).toEqual(["/.well-known/openid-configuration"]);
  });

  it("uses the document's token endpoint too", async () => {
    const oauth = adapter();
    await authorizeAddress(oauth);
    answer = (_request, response) => answerJson(response, 200, tokens());
    await oauth.refresh("rt", deadlineIn(1_000));
    expect(server.requests.map(({ path }) => path)).toContain("/other-token");
  });

  it("asks once for all who want it at the same moment, and not again for ten minutes", async () => {
    const oauth = adapter();
    await Promise.all(Array.from({ length: 10 }, () => authorizeAddress(oauth)));
    vi.advanceTimersByTime(TEN_MINUTES - 1);
    await authorizeAddress(oauth);
    expect(server.requests).toHaveLength(1);
    vi.advanceTimersByTime(1);
    await authorizeAddress(oauth);
    expect(server.requests).toHaveLength(2);
  });

  it("uses the old document while no new one can be read", async () => {
    const oauth = adapter();
    await authorizeAddress(oauth);
    vi.advanceTimersByTime(TEN_MINUTES);
    answer = (_request, response) => void response.writeHead(503).end();
    expect(await authorizeAddress(oauth)).toBe(`${ACCOUNTS}/authorize`);
  });

  it.each([
    ["there is none", (): Handler => (_request, response) => void response.writeHead(404).end()],
    ["it is not JSON", (): Handler => (_request, response) => void response.writeHead(200).end("<html>")],
    [
      "it is another issuer's",
      (): Handler => (_request, response) =>
        answerJson(response, 200, metadata({ issuer: "https://evil.example.com" })),
    ],
    [
      "its issuer differs by a slash",
      (): Handler => (_request, response) => answerJson(response, 200, metadata({ issuer: `${ISSUER}/` })),
    ],
    [
      "it sends users to a host that is not configured",
      (): Handler => (_request, response) =>
        answerJson(response, 200, metadata({ authorization_endpoint: "https://evil.example.com/a" })),
    ],
    [
      "it wants the secret over plain http",
      (): Handler => (_request, response) =>
        answerJson(response, 200, metadata({ token_endpoint: "http://issuer.example.com/t" })),
    ],
    [
      "it names no authorize page",
      (): Handler => (_request, response) => answerJson(response, 200, metadata({ authorization_endpoint: undefined })),
    ],
  ])("falls back to the endpoints that are set when %s", async (_case, handler) => {
    answer = handler();
    expect(await authorizeAddress()).toBe(FALLBACK());
  });

  describe("without endpoints that are set", () => {
    const logged = vi.fn();

    /** An issuer at that path of the server, and nothing else known of it. */
    function discovering(path = "") {
      const { endpoints: _endpoints, ...spec } = plainSpec(server.origin);
      const issuer = server.origin + path;
      return standardOAuth({ ...spec, issuer, discoverAt: issuer }).oauth;
    }

    beforeEach(() => {
      logged.mockReset();
      vi.spyOn(log, "requestLog").mockReturnValue({ info: logged, warn: logged, error: logged });
    });

    it.each(["", "/", "/realms/sale", "/tenant/v2.0", "/oauth2/default/"])(
      "finds the document of an issuer with the path %j",
      async (path) => {
        const endpoints = { authorization_endpoint: `${server.origin}/authorize` };
        answer = (_request, response) =>
          answerJson(response, 200, metadata({ ...endpoints, issuer: server.origin + path }));
        expect(await authorizeAddress(discovering(path))).toBe(FALLBACK());
        const wellKnown = "/.well-known/openid-configuration";
        expect(server.requests[0]?.path).toBe(path.replace(/\/$/, "") + wellKnown);
      },
    );

    it("fails with a failure that can be retried while the server fails", async () => {
      answer = (_request, response) => void response.writeHead(503).end();
      const trouble = { reason: "server_error", status: 503 } as const;
      expect(await discovering().begin(REDIRECT_URI, deadlineIn(1_000))).toEqual(fail("oauth/network_error", trouble));
      const fields = { issuer: server.origin, code: "oauth/network_error", status: 503 };
      expect(logged).toHaveBeenCalledExactlyOnceWith("oauth.discovery", fields);
    });

    it("distinguishes another issuer's document from an unreachable server, and logs which it was", async () => {
      answer = (_request, response) => answerJson(response, 200, metadata({ issuer: `${server.origin}/` }));
      expect(await discovering().begin(REDIRECT_URI, deadlineIn(1_000))).toEqual(fail("oauth/invalid_response"));
      const fields = { issuer: server.origin, code: "oauth/issuer_mismatch" };
      expect(logged).toHaveBeenCalledExactlyOnceWith("oauth.discovery", fields);
    });

    it("fails with an unreadable answer if there is no document", async () => {
      answer = (_request, response) => void response.writeHead(404).end();
      expect(await discovering().begin(REDIRECT_URI, deadlineIn(1_000))).toEqual(fail("oauth/invalid_response"));
    });
  });

  it("refuses a document that names another authorize host than is set, if there are no other endpoints", async () => {
    answer = (_request, response) =>
      answerJson(response, 200, metadata({ authorization_endpoint: "https://evil.example.com/a" }));
    const { endpoints: _endpoints, ...spec } = plainSpec(server.origin);
    const oauth = standardOAuth({ ...spec, discoverAt: server.origin }).oauth;
    expect(await oauth.begin(REDIRECT_URI, deadlineIn(1_000))).toEqual(fail("oauth/invalid_response"));
  });

  it("tells the operator once of a document that is not used, not at every click", async () => {
    const logged = vi.fn();
    vi.spyOn(log, "requestLog").mockReturnValue({ info: logged, warn: logged, error: logged });
    answer = (_request, response) => answerJson(response, 200, metadata({ token_endpoint: "https://10.0.0.1/token" }));
    const oauth = adapter();
    for (let click = 0; click < 3; click++) expect(await authorizeAddress(oauth)).toBe(FALLBACK());
    const fields = { issuer: ISSUER, code: "oauth/invalid_response" };
    expect(logged).toHaveBeenCalledExactlyOnceWith("oauth.discovery", fields);
    vi.advanceTimersByTime(TEN_MINUTES);
    await authorizeAddress(oauth);
    expect(logged).toHaveBeenCalledTimes(2);
  });

  it("does not ask a server that is down at every click, and asks again after a while", async () => {
    answer = (_request, response) => void response.writeHead(503).end();
    const oauth = adapter();
    for (let click = 0; click < 5; click++) await authorizeAddress(oauth);
    expect(server.requests).toHaveLength(1);
    // A wall clock that is set back meanwhile makes nobody wait longer.
    vi.setSystemTime(Date.now() - 3_600_000);
    vi.advanceTimersByTime(10_000);
    answer = (_request, response) => answerJson(response, 200, metadata());
    expect(await authorizeAddress(oauth)).toBe(`${ACCOUNTS}/authorize`);
  });

  it("waits for a silent server no longer than the caller's deadline", async () => {
    answer = hang;
    const begun = await adapter().begin(REDIRECT_URI, deadlineIn(100));
    expect(begun).toMatchObject({ ok: true, data: { url: expect.stringContaining(FALLBACK()) } });
  });

  it("continues for the others when one caller gives up", async () => {
    const held = holding((_request, response) => answerJson(response, 200, metadata()));
    answer = held.answer;
    const oauth = adapter();
    const patient = authorizeAddress(oauth);
    await held.arrived;
    await oauth.begin(REDIRECT_URI, deadlineIn(50));
    held.release();
    expect(await patient).toBe(`${ACCOUNTS}/authorize`);
    expect(server.requests).toHaveLength(1);
  });

  it("a server that says it always sends `iss` must send it", async () => {
    answer = (_request, response) =>
      answerJson(response, 200, metadata({ authorization_response_iss_parameter_supported: true }));
    const response = {
      callback: new URLSearchParams("code=c&state=s"),
      state: "s",
      codeVerifier: "v",
      redirectUri: REDIRECT_URI,
    };
    const sent = vi.spyOn(globalThis, "fetch");
    expect(await adapter().exchange(response, deadlineIn(1_000))).toEqual(fail("oauth/issuer_mismatch"));
    expect(sent).toHaveBeenCalledTimes(1);
  });
});
