import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { loggedBody } from "@/sandbox/http/redact";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { REDIRECT_URI, callEcho, connectedClient, obtainCode } from "@/tests/support/sandbox/sandbox-user";

const PROFILE = "/externalapi.MyProfile";
const saleUUID = SANDBOX_SALE_UUID;

let echo: RunningEcho;
let controls: SandboxClient;
beforeEach(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI] });
  controls = new SandboxClient(echo.origin);
});
afterEach(() => echo.close());

describe("the request log", () => {
  it("has method, path, status, persona, entity and wallet in order, and leaves the controls out", async () => {
    const client = await connectedClient(echo.origin, "grace");
    const [entity] = (await client.listAvailableEntities({ saleUUID })).Entities;
    const walletAddress = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    await client.prePurchaseCheck({ saleUUID, entityID: entity?.EntityID ?? "", walletAddress });
    await callEcho(echo.origin, "/nope?secret=1", {});
    const log = await controls.requests();
    expect(log.map(({ number, method, path, status }) => [number, method, path, status])).toEqual([
      [1, "POST", "/oauth/authorize", 303],
      [2, "POST", "/oauth.ExchangeAuthorizationCodeV2", 200],
      [3, "POST", "/externalapi.ListAvailableEntities", 200],
      [4, "POST", "/externalapi.PrePurchaseCheck", 200],
      [5, "POST", "/nope", 404],
    ]);
    expect(log.slice(0, 4).map(({ persona }) => persona)).toEqual(["grace", "grace", "grace", "grace"]);
    expect(log[3]).toMatchObject({ entity: entity?.EntityID, wallet: walletAddress, token: log[2]?.token });
    expect(log.every(({ time }) => !Number.isNaN(Date.parse(time)))).toBe(true);
  });

  it("identifies tokens by six characters of a hash, and contains no token, code or verifier", async () => {
    const pending = await obtainCode(echo.origin);
    const body = { code: pending.code, code_verifier: pending.codeVerifier, redirect_uri: pending.redirectURI };
    const first = await (await callEcho(echo.origin, "/oauth.ExchangeAuthorizationCodeV2", body)).json();
    const second = await (
      await callEcho(echo.origin, "/oauth.RefreshAccessToken", { refresh_token: first.refresh_token })
    ).json();
    for (const token of [first.access_token, second.access_token, "made.up.token"]) {
      await callEcho(echo.origin, PROFILE, {}, { authorization: `api:Bearer ${token}` });
    }
    const marks = (await controls.requests(PROFILE)).map(({ token }) => token);
    expect(new Set(marks).size).toBe(3);
    expect(marks.every((mark) => /^[0-9a-f]{6}$/.test(mark ?? ""))).toBe(true);
    const entries = await controls.requests();
    const full = await Promise.all(entries.map(({ number }) => controls.request(number)));
    const everything = JSON.stringify([entries, full]);
    expect(everything, "the bodies are there").toContain("redirect_uri");
    expect(everything).toContain("ada@example.com");
    const secrets = [
      pending.code,
      pending.codeVerifier,
      ...[first, second].flatMap((t) => [t.access_token, t.refresh_token]),
    ];
    for (const secret of secrets) expect(everything).not.toContain(secret);
  });

  it("has the time that an answer took, and both bodies, but no signature of a permit", async () => {
    const client = await connectedClient(echo.origin);
    const [entity] = (await client.listAvailableEntities({ saleUUID })).Entities;
    const walletAddress = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    const entityID = entity?.EntityID ?? "";
    const { Signature } = await client.generatePurchasePermit({ saleUUID, entityID, walletAddress });
    const [logged] = await controls.requests("/externalapi.GenerateSalePurchasePermit");
    const { request, response, ms } = await controls.request(logged?.number ?? 0);
    expect(ms).toBeGreaterThanOrEqual(0);
    expect(request).toContain(walletAddress);
    expect(response).toContain("ExpiresAt");
    expect(response).toContain('"Signature": "(cut)"');
    expect(response).not.toContain(Signature);
    await expect(controls.request(9_999)).rejects.toThrow("404");
  });

  it("cuts what looks like a secret wherever it stands, and keeps addresses, words and numbers", () => {
    const secret = "q".repeat(43);
    const json = (value: unknown) => loggedBody(JSON.stringify(value), "application/json; charset=utf-8") ?? "";
    const hidden = [
      json({ deep: [{ client_secret: "short", access_token: "x.y.z", Signature: `0x${"ab".repeat(65)}` }] }),
      json({ note: `before ${secret} after`, jwt: `eyJhbGciOiJub25lIn0.${secret}.x`, code: secret }),
      loggedBody(
        `grant_type=refresh_token&refresh_token=abc&client_secret=def&code=${secret}`,
        "application/x-www-form-urlencoded",
      ),
      loggedBody(`{"access_token":"${secret}`, "application/json"),
      loggedBody(`<form>${secret}</form>`, "text/html"),
    ].join("\n");
    for (const part of [secret, "short", "x.y.z", "abab", "=abc", "=def", "eyJ"]) expect(hidden).not.toContain(part);
    expect(hidden).toContain("grant_type=refresh_token");
    const kept = json({
      code: "invalid_argument",
      Token: `0x${"ab".repeat(20)}`,
      expires_in: 3600,
      EntityID: "AUX-12",
    });
    for (const part of ["invalid_argument", "abab", "3600", "AUX-12"]) expect(kept).toContain(part);
    expect(loggedBody("", "application/json")).toBeUndefined();
  });

  it("can be read from a number on; after clearing, no number is used again", async () => {
    for (let call = 0; call < 3; call += 1) await callEcho(echo.origin, PROFILE, {});
    const { requests } = await (await fetch(`${echo.origin}/sandbox/requests?after=2`)).json();
    expect(requests.map(({ number }: { number: number }) => number)).toEqual([3]);
    await controls.clearRequests();
    expect(await controls.requests()).toEqual([]);
    await callEcho(echo.origin, PROFILE, {});
    expect((await controls.requests()).map(({ number }) => number)).toEqual([4]);
  });

  it("keeps the last thousand", async () => {
    for (let batch = 0; batch < 20; batch += 1) {
      await Promise.all(Array.from({ length: 51 }, () => callEcho(echo.origin, PROFILE, {})));
    }
    const log = await controls.requests();
    expect([log.length, log[0]?.number, log.at(-1)?.number]).toEqual([1000, 21, 1020]);
  });
});
