import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { REDIRECT_URI, callEcho, connectedClient, control, obtainTokens } from "@/tests/support/sandbox/sandbox-user";

const PROFILE = "/externalapi.MyProfile";
const REFRESH = "/oauth.RefreshAccessToken";
const COMMITMENTS = "/sonar/v1/public/read-commitment-data";

let echo: RunningEcho;
let controls: SandboxClient;
beforeEach(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI] });
  controls = new SandboxClient(echo.origin);
});
afterEach(() => echo.close());

const readCommitments = (init: RequestInit = {}) =>
  fetch(echo.origin + COMMITMENTS, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ SaleUUID: SANDBOX_SALE_UUID }),
    ...init,
  });

describe("a fault", () => {
  it.each([
    [400, "invalid_argument"],
    [401, "unauthenticated"],
    [403, "permission_denied"],
    [404, "not_found"],
    [418, "unknown"],
    [500, "internal"],
    [503, "unavailable"],
  ])("with status %i is answered in Echo's error form", async (status, code) => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "status", status } });
    const response = await readCommitments();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, details: null });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("with a rate limit has a Retry-After", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "rate-limit", retryAfterSeconds: 17 } });
    const response = await readCommitments();
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("17");
    expect(await response.json()).toMatchObject({ code: "resource_exhausted" });
  });

  it("on a purchase check makes it fail for the given reason", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "check-failed", reason: "wallet-risk" } });
    expect(await (await readCommitments()).json()).toEqual({
      ReadyToPurchase: false,
      FailureReason: "wallet-risk",
      LivenessCheckURL: "",
    });
  });

  it("on the list of entities leaves it empty", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "no-entities" } });
    expect(await (await readCommitments()).json()).toEqual({ Entities: [] });
  });

  it("with broken JSON is a 200 that cannot be parsed; with an empty body a 200 of nothing", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "malformed-json" } });
    const broken = await readCommitments();
    expect(broken.status).toBe(200);
    await expect(broken.json()).rejects.toThrow(SyntaxError);
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "empty-body" } });
    const empty = await readCommitments();
    expect([empty.status, await empty.text()]).toEqual([200, ""]);
  });

  it("with a reset breaks the connection", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "reset" } });
    await expect(readCommitments()).rejects.toMatchObject({ cause: { code: "ECONNRESET" } });
  });

  it("with a hang gets no answer, and the client can abort", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "hang" } });
    const patience = new AbortController();
    const pending = readCommitments({ signal: patience.signal });
    await vi.waitFor(async () => expect(await controls.requests(COMMITMENTS)).toHaveLength(1));
    expect((await controls.requests(COMMITMENTS))[0]).toMatchObject({ fault: "hang" });
    expect((await controls.requests(COMMITMENTS))[0]).not.toHaveProperty("status");
    patience.abort();
    await expect(pending).rejects.toThrow("aborted");
  });

  it("with latency only delays a correct answer", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, latencyMs: 40 });
    const response = await readCommitments();
    expect(response.status).toBe(200);
    expect((await controls.requests(COMMITMENTS))[0]).toMatchObject({ fault: "latency", status: 200 });
  });

  it("ends after the given number of answers", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, times: 2, effect: { kind: "status", status: 500 } });
    const statuses = [];
    for (let read = 0; read < 3; read += 1) statuses.push((await readCommitments()).status);
    expect(statuses).toEqual([500, 500, 200]);
    expect(await controls.faults()).toEqual([]);
  });

  it("lasts until it is cleared if it has no number", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "status", status: 500 } });
    expect([(await readCommitments()).status, (await readCommitments()).status]).toEqual([500, 500]);
    await controls.clearFaults();
    expect((await readCommitments()).status).toBe(200);
  });

  it("affects its own endpoint only, and has priority over the one for all", async () => {
    await controls.setFault({ endpoint: "*", effect: { kind: "status", status: 502 } });
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "status", status: 503 } });
    expect((await readCommitments()).status).toBe(503);
    expect((await callEcho(echo.origin, PROFILE, {})).status).toBe(502);
    const cleared = await control(echo.origin, "DELETE", `faults?endpoint=${encodeURIComponent("*")}`);
    expect(cleared.status).toBe(204);
    expect((await readCommitments()).status).toBe(503);
    expect((await callEcho(echo.origin, PROFILE, {})).status).toBe(401);
  });

  it("for all endpoints does not affect pages, preflights and controls; a page's own fault affects the page", async () => {
    await controls.setFault({ endpoint: "*", effect: { kind: "status", status: 500 } });
    expect((await fetch(`${echo.origin}/sandbox/health`)).status).toBe(200);
    expect((await fetch(echo.origin)).status).toBe(200);
    expect((await fetch(`${echo.origin}/oauth/authorize`)).status).toBe(400);
    expect((await fetch(echo.origin + COMMITMENTS, { method: "OPTIONS" })).status).toBe(204);
    await controls.setFault({ endpoint: "/oauth/authorize", effect: { kind: "status", status: 503 } });
    expect((await fetch(`${echo.origin}/oauth/authorize`)).status).toBe(503);
  });

  it("before a refresh leaves the refresh token valid; after it, the token is rotated and the answer is lost", async () => {
    const { refresh_token } = await obtainTokens(echo.origin);
    const refresh = async () => (await callEcho(echo.origin, REFRESH, { refresh_token })).status;
    await controls.setFault({ endpoint: REFRESH, times: 1, effect: { kind: "status", status: 500 } });
    expect(await refresh()).toBe(500);
    await controls.setFault({ endpoint: REFRESH, times: 1, when: "after", effect: { kind: "status", status: 500 } });
    expect(await refresh()).toBe(500);
    expect(await refresh()).toBe(401);
  });

  it("reaches sonar-core as the intended failure", async () => {
    const client = await connectedClient(echo.origin);
    await controls.setFault({ endpoint: PROFILE, times: 1, effect: { kind: "status", status: 503 } });
    await expect(client.myProfile()).rejects.toMatchObject({ name: "APIError", status: 503, code: "unavailable" });
    expect((await client.myProfile()).EmailAddress).toBe("ada@example.com");
  });
});

describe("closing", () => {
  it("ends an answer that hangs and one that is being delayed", async () => {
    await controls.setFault({ endpoint: COMMITMENTS, effect: { kind: "hang" } });
    await controls.setFault({ endpoint: PROFILE, latencyMs: 120_000 });
    const ends = Promise.allSettled([readCommitments(), callEcho(echo.origin, PROFILE, {})]);
    await vi.waitFor(async () => expect(await controls.requests()).toHaveLength(2));
    await echo.close();
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(readCommitments()).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });

  it("ends a connection on which nothing was ever sent", async () => {
    const socket = connect(Number(new URL(echo.origin).port), "127.0.0.1");
    await once(socket, "connect");
    const closed = once(socket, "close");
    await echo.close();
    await closed;
  });
});

describe("switching a fault on", () => {
  it.each([
    [{ effect: { kind: "hang" } }, "endpoint"],
    [{ endpoint: "/nope", effect: { kind: "hang" } }, "endpoint"],
    [{ endpoint: "/sandbox/health", effect: { kind: "hang" } }, "endpoint"],
    [{ endpoint: "*" }, "effect"],
    [{ endpoint: "*", effect: "hang" }, "effect"],
    [{ endpoint: "*", effect: { kind: "explode" } }, "effect.kind"],
    [{ endpoint: "*", effect: { kind: "status" } }, "status"],
    [{ endpoint: "*", effect: { kind: "status", status: 200 } }, "status"],
    [{ endpoint: "*", effect: { kind: "status", status: 600 } }, "status"],
    [{ endpoint: "*", effect: { kind: "status", status: "500" } }, "status"],
    [{ endpoint: "*", effect: { kind: "hang", status: 500 } }, "status"],
    [{ endpoint: "*", effect: { kind: "rate-limit", retryAfterSeconds: -1 } }, "retryAfterSeconds"],
    [{ endpoint: "*", latencyMs: 1.5 }, "latencyMs"],
    [{ endpoint: "*", latencyMs: 1e9 }, "latencyMs"],
    [{ endpoint: "*", latencyMs: 5, times: 0 }, "times"],
    [{ endpoint: "*", latencyMs: 5, when: "later" }, "when"],
    [{ endpoint: "*", latency: 5 }, "latency"],
  ])("as %o is rejected with the field %s", async (fault, field) => {
    const response = await control(echo.origin, "PUT", "faults", fault);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_argument", details: { field } });
    expect(await controls.faults()).toEqual([]);
  });
});
