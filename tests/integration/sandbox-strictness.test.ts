import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SonarClient } from "@echoxyz/sonar-core";
import { SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { findPersona } from "@/sandbox/echo/personas/all-personas";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { REDIRECT_URI, callEcho, connectedClient } from "@/tests/support/sandbox/sandbox-user";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER_SALE = "11111111-1111-4111-8111-111111111111";
const saleUUID = SANDBOX_SALE_UUID;

const AUTHENTICATED = [
  ["/externalapi.MyProfile", {}],
  ["/externalapi.ListAvailableEntities", { SaleUUID: saleUUID }],
  ["/externalapi.ReadEntity", { SaleUUID: saleUUID, EntityID: "AUX-X" }],
  ["/externalapi.PrePurchaseCheck", { SaleUUID: saleUUID, EntityID: "AUX-X", PurchasingWalletAddress: WALLET }],
  [
    "/externalapi.GenerateSalePurchasePermit",
    { SaleUUID: saleUUID, EntityID: "AUX-X", PurchasingWalletAddress: WALLET },
  ],
  ["/externalapi.Limits", { SaleUUID: saleUUID, WalletAddress: WALLET }],
  ["/externalapi.ReadEntityInvestmentHistory", {}],
] as const;
const EVERY_ENDPOINT = [
  ...AUTHENTICATED.map(([path]) => path),
  "/oauth.ExchangeAuthorizationCodeV2",
  "/oauth.RefreshAccessToken",
  "/sonar/v1/public/read-commitment-data",
];

let echo: RunningEcho;
beforeAll(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI] });
});
beforeEach(() => new SandboxClient(echo.origin).reset());
afterAll(() => echo.close());

const as = (persona: string) => connectedClient(echo.origin, persona);
const entityIdOf = (persona: string) => findPersona(persona)?.entities[0]?.details.EntityID ?? "";
const authorized = (client: SonarClient) => ({ authorization: `api:Bearer ${client.getToken()}` });

describe("every endpoint", () => {
  it.each(AUTHENTICATED)("%s is 401 without a token, before any other check", async (path, body) => {
    for (const content of [body, "not json"]) {
      const response = await callEcho(echo.origin, path, content);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({ code: "unauthenticated", message: expect.any(String), details: null });
    }
  });

  it.each(AUTHENTICATED.filter(([, body]) => "SaleUUID" in body))("%s checks its SaleUUID", async (path, body) => {
    const headers = authorized(await as("ada"));
    const statusFor = async (SaleUUID: unknown) =>
      (await callEcho(echo.origin, path, { ...body, SaleUUID }, headers)).status;
    expect(await statusFor(OTHER_SALE)).toBe(404);
    expect(await statusFor("not-a-uuid")).toBe(400);
    expect(await statusFor(saleUUID.replaceAll("-", ""))).toBe(400);
    expect(await statusFor(undefined)).toBe(400);
    expect(await statusFor(null)).toBe(400);
    expect(await statusFor([saleUUID])).toBe(400);
  });

  it("for commitment data checks its SaleUUID too", async () => {
    const statusFor = async (SaleUUID: unknown) =>
      (await callEcho(echo.origin, "/sonar/v1/public/read-commitment-data", { SaleUUID })).status;
    expect([await statusFor(OTHER_SALE), await statusFor("x"), await statusFor(undefined)]).toEqual([404, 400, 400]);
  });

  it.each([
    ["/externalapi.PrePurchaseCheck", "PurchasingWalletAddress"],
    ["/externalapi.GenerateSalePurchasePermit", "PurchasingWalletAddress"],
    ["/externalapi.Limits", "WalletAddress"],
    ["/externalapi.ReadEntity", "WalletAddress"],
  ])("%s rejects an invalid wallet address and names %s", async (path, field) => {
    const headers = authorized(await as("ada"));
    const body = { SaleUUID: saleUUID, EntityID: entityIdOf("ada") };
    for (const wallet of ["", "0x123", WALLET.slice(2), `${WALLET}00`, `0x${"g".repeat(40)}`, 7, null]) {
      const response = await callEcho(echo.origin, path, { ...body, [field]: wallet }, headers);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "invalid_argument", details: { field } });
    }
  });

  it("for one entity requires an EntityID or a WalletAddress", async () => {
    const response = await callEcho(
      echo.origin,
      "/externalapi.ReadEntity",
      { SaleUUID: saleUUID },
      authorized(await as("ada")),
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ details: { field: "EntityID" } });
  });

  it.each(EVERY_ENDPOINT)("%s accepts POST only", async (path) => {
    const response = await fetch(echo.origin + path);
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
  });

  it.each(EVERY_ENDPOINT)("%s answers a browser's preflight and lets its answers be read", async (path) => {
    const preflight = await fetch(echo.origin + path, {
      method: "OPTIONS",
      headers: { origin: "https://app.example" },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-methods")).toBe("POST");
    expect(preflight.headers.get("access-control-allow-headers")).toMatch(/authorization.*content-type/);
    const answer = await callEcho(echo.origin, path, {});
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each(EVERY_ENDPOINT)("%s accepts a JSON object only", async (path) => {
    const headers = authorized(await as("ada"));
    expect((await callEcho(echo.origin, path, "{}", { ...headers, "content-type": "text/plain" })).status).toBe(415);
    expect(
      (await callEcho(echo.origin, path, "{}", { ...headers, "content-type": "application/json-seq" })).status,
    ).toBe(415);
    for (const body of ["", "not json", "[]", "null", '"text"']) {
      expect((await callEcho(echo.origin, path, body, headers)).status).toBe(400);
    }
  });

  it("accepts a charset in its content type", async () => {
    const headers = { ...authorized(await as("ada")), "content-type": "application/json; charset=utf-8" };
    expect((await callEcho(echo.origin, "/externalapi.MyProfile", {}, headers)).status).toBe(200);
  });

  it("rejects a body over the limit with 413", async () => {
    const headers = authorized(await as("ada"));
    const statusFor = async (bytes: number) =>
      (await callEcho(echo.origin, "/externalapi.MyProfile", { x: "x".repeat(bytes) }, headers)).status;
    expect(await statusFor(64 * 1024 - 8)).toBe(200);
    expect(await statusFor(64 * 1024 - 7)).toBe(413);
    expect(await statusFor(2_000_000)).toBe(413);
  });

  it("rejects a body that is not UTF-8", async () => {
    const headers = { ...authorized(await as("ada")), "content-type": "application/json" };
    const body = new Uint8Array([0x7b, 0xff, 0x7d]);
    expect((await fetch(`${echo.origin}/externalapi.MyProfile`, { method: "POST", headers, body })).status).toBe(400);
  });
});

describe("an unknown path", () => {
  it.each([
    "/externalapi.Nothing",
    "/externalapi.MyProfile/",
    "//externalapi.MyProfile",
    "/externalapi.myprofile",
    "/oauth",
    "/nope",
  ])("%s is 404 with a body", async (path) => {
    const response = await callEcho(echo.origin, path, {});
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found" });
  });
});
