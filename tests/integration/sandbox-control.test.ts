import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { SANDBOX_CLIENT_UUID, SANDBOX_SALE_UUID } from "@/lib/config/sandbox";
import { PERSONAS } from "@/sandbox/echo/personas/all-personas";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import {
  REDIRECT_URI,
  callEcho,
  connectedClient,
  control,
  obtainCode,
  obtainTokens,
} from "@/tests/support/sandbox/sandbox-user";

const PROFILE = "/externalapi.MyProfile";
const saleUUID = SANDBOX_SALE_UUID;

let echo: RunningEcho;
let controls: SandboxClient;
beforeEach(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI] });
  controls = new SandboxClient(echo.origin);
});
afterEach(() => echo.close());

/** fetch cannot send a Host header of its own choosing. */
function statusWithHost(
  host: string,
  path: string,
  origin = echo.origin,
  more: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { headers: { ...more, host } }, (answer) =>
      resolve(answer.resume().statusCode),
    );
    sent.on("error", reject).end();
  });
}

describe("the health check", () => {
  it("names the sandbox, its client, its sale and its personas", async () => {
    expect(await controls.health()).toEqual({
      sandbox: "sonar",
      clientId: SANDBOX_CLIENT_UUID,
      saleUuid: saleUUID,
      redirectUris: [REDIRECT_URI],
      tokenLifetimeSeconds: 3600,
      personas: PERSONAS.map(({ id, name }) => ({ id, name })),
    });
  });
});

describe("a control request that a foreign page could have sent is rejected:", () => {
  const methods = [
    "PUT faults",
    "POST expire-access-tokens",
    "POST revoke-everything",
    "POST reset",
    "PUT redirect-uris",
  ];
  const send = (method: string, path: string, headers: Record<string, string>) =>
    fetch(`${echo.origin}/sandbox/${path}`, { method, headers, ...(method !== "GET" && { body: "{}" }) });

  it.each(["cross-site", "same-site", "anything"])("Sec-Fetch-Site: %s", async (site) => {
    const headers = { "sec-fetch-site": site, "content-type": "application/json" };
    for (const [method = "", path = ""] of [...methods, "GET requests", "GET health", "DELETE requests"].map((line) =>
      line.split(" "),
    )) {
      expect((await send(method, path, headers)).status).toBe(403);
    }
  });

  it.each(["https://evil.example", "null", "http://127.0.0.1:1"])("Origin: %s", async (origin) => {
    const headers = { origin, "content-type": "application/json" };
    expect((await send("POST", "revoke-everything", headers)).status).toBe(403);
  });

  it("a form's content type, or none", async () => {
    const { access_token } = await obtainTokens(echo.origin);
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
      for (const [method = "", path = ""] of methods.map((line) => line.split(" "))) {
        expect((await send(method, path, { "content-type": type })).status).toBe(415);
      }
    }
    const untouched = await callEcho(echo.origin, PROFILE, {}, { authorization: `api:Bearer ${access_token}` });
    expect(untouched.status).toBe(200);
  });

  it("a Host that is not this machine's name and port, as after DNS rebinding", async () => {
    const { port } = new URL(echo.origin);
    for (const path of ["/sandbox/health", "/sandbox/requests", "/", "/oauth/authorize"]) {
      expect(await statusWithHost(`evil.example:${port}`, path)).toBe(421);
      expect(await statusWithHost("127.0.0.1", path)).toBe(421);
    }
    expect(await statusWithHost(`localhost:${port}`, "/sandbox/health")).toBe(200);
    expect(await statusWithHost(`127.0.0.1:${port}`, "/sandbox/health")).toBe(200);
  });

  it("any Host but those of SANDBOX_HOSTS, where it is set: these with any port, for containers and proxies", async () => {
    const named = await startEcho({ port: 0, redirectUris: [], hosts: ["sandbox", "sandbox.test"] });
    onTestFinished(named.close);
    const { port } = new URL(named.origin);
    const hosts = [`sandbox:${port}`, "sandbox.test", "SANDBOX.test:8443", `127.0.0.1:${port}`];
    for (const host of hosts) expect(await statusWithHost(host, "/sandbox/health", named.origin), host).toBe(200);
    const others = [
      `evil.example:${port}`,
      `sandbox.evil.example:${port}`,
      "sandbox.test.evil",
      "sandbox.test:x",
      "127.0.0.1",
    ];
    for (const host of others) expect(await statusWithHost(host, "/sandbox/health", named.origin), host).toBe(421);
    const own = { host: "sandbox.test", origin: "https://sandbox.test", "sec-fetch-site": "same-origin" };
    expect(await statusWithHost(own.host, "/sandbox/health", named.origin, own)).toBe(200);
    const foreign = { ...own, origin: "https://evil.example" };
    expect(await statusWithHost(own.host, "/sandbox/health", named.origin, foreign)).toBe(403);
  });

  it.runIf(process.platform === "linux")("another address of this machine, unless SANDBOX_HOSTS is set", async () => {
    const at = (origin: string) => `http://127.0.0.2:${new URL(origin).port}/sandbox/health`;
    await expect(fetch(at(echo.origin))).rejects.toThrow();
    const named = await startEcho({ port: 0, redirectUris: [], hosts: ["127.0.0.2"] });
    onTestFinished(named.close);
    expect((await fetch(at(named.origin))).status).toBe(200);
  });

  it("while the sandbox's own page and programs are accepted", async () => {
    const own = { "sec-fetch-site": "same-origin", origin: echo.origin, "content-type": "application/json" };
    expect((await send("POST", "expire-access-tokens", own)).status).toBe(200);
    expect((await send("GET", "health", { "sec-fetch-site": "none" })).status).toBe(200);
  });

  it("and no control answers a preflight or can be read by other origins", async () => {
    const preflight = await fetch(`${echo.origin}/sandbox/reset`, { method: "OPTIONS" });
    expect(preflight.status).toBe(405);
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    expect((await fetch(`${echo.origin}/sandbox/requests`)).headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("control input", () => {
  it.each([
    ["PUT", "token-lifetime", {}, "seconds"],
    ["PUT", "token-lifetime", { seconds: 0 }, "seconds"],
    ["PUT", "token-lifetime", { seconds: "60" }, "seconds"],
    ["PUT", "token-lifetime", { seconds: 1.5 }, "seconds"],
    ["PUT", "token-lifetime", { seconds: 1e10 }, "seconds"],
    ["PUT", "token-lifetime", { seconds: 60, minutes: 1 }, "minutes"],
    ["POST", "expire-access-tokens", { now: true }, "now"],
    ["POST", "reset", { grants: "yes" }, "grants"],
    ["PUT", "redirect-uris", {}, "redirectUris"],
    ["PUT", "redirect-uris", { redirectUris: [] }, "redirectUris"],
    ["PUT", "redirect-uris", { redirectUris: ["/oauth/callback"] }, "redirectUris[0]"],
    ["PUT", "redirect-uris", { redirectUris: [REDIRECT_URI, "javascript:alert(1)"] }, "redirectUris[1]"],
    ["PUT", "redirect-uris", { redirectUris: ["http://localhost/cb#x"] }, "redirectUris[0]"],
    ["PUT", "redirect-uris", { redirectUris: ["http://user:pw@localhost/cb"] }, "redirectUris[0]"],
    ["PUT", "redirect-uris", { redirectUris: [5] }, "redirectUris[0]"],
    ["POST", "commitments", { SaleSpecificEntityID: "0x12" }, "Wallet"],
  ])("%s %s %o is rejected with the field %s", async (method, path, body, field) => {
    const response = await control(echo.origin, method, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "invalid_argument", details: { field } });
  });

  it.each(["-1", "x", "1.5"])("requests after %s is rejected", async (after) => {
    expect((await fetch(`${echo.origin}/sandbox/requests?after=${after}`)).status).toBe(400);
  });
});

describe("redirect URIs", () => {
  it("that are added work at once, and the earlier ones keep working", async () => {
    const added = "http://localhost:4321/oauth/callback";
    await expect(obtainCode(echo.origin, "ada", added)).rejects.toThrow("400");
    await controls.addRedirectUris(added);
    expect((await obtainCode(echo.origin, "ada", added)).code).not.toBe("");
    expect((await obtainCode(echo.origin)).code).not.toBe("");
  });

  it("are limited in number", async () => {
    const uris = Array.from({ length: 60 }, (_, index) => `http://localhost:3000/cb${index}`);
    await expect(controls.addRedirectUris(...uris)).rejects.toThrow("400");
    expect((await controls.health()).redirectUris).toEqual([REDIRECT_URI]);
  });
});

describe("a reset", () => {
  it("restores the initial state, but keeps users connected and redirect URIs registered", async () => {
    const client = await connectedClient(echo.origin, "grace");
    const walletAddress = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
    const [entity] = (await client.listAvailableEntities({ saleUUID })).Entities;
    await client.prePurchaseCheck({ saleUUID, entityID: entity?.EntityID ?? "", walletAddress });
    await controls.setTokenLifetime(5);
    await controls.setFault({ endpoint: "/externalapi.Limits", effect: { kind: "hang" } });
    await controls.addRedirectUris("http://localhost:4321/cb");
    await controls.reset();
    expect(await controls.requests()).toEqual([]);
    expect(await controls.faults()).toEqual([]);
    expect(await controls.health()).toMatchObject({ tokenLifetimeSeconds: 3600 });
    expect((await controls.health()).redirectUris).toContain("http://localhost:4321/cb");
    await expect(client.fetchLimits({ saleUUID, walletAddress })).rejects.toMatchObject({ status: 404 });
    expect((await client.myProfile()).EmailAddress).toBe("grace@example.com");
  });

  it("with grants disconnects everybody", async () => {
    const client = await connectedClient(echo.origin);
    await controls.reset({ grants: true });
    await expect(client.myProfile()).rejects.toMatchObject({ status: 401 });
  });

  it("removes recorded commitments", async () => {
    const client = await connectedClient(echo.origin);
    const before = await client.readCommitmentData({ saleUUID });
    const bid = {
      SaleSpecificEntityID: `0x${"ab".repeat(16)}`,
      Wallet: `0x${"cd".repeat(20)}`,
      Token: `0x${"ef".repeat(20)}`,
      Amount: "125500000",
    };
    expect((await control(echo.origin, "POST", "commitments", bid)).status).toBe(200);
    const after = await client.readCommitmentData({ saleUUID });
    expect(after.Commitments[0]).toMatchObject({ SaleSpecificEntityID: bid.SaleSpecificEntityID });
    expect(after.UniqueCommitmentCount).toBe(before.UniqueCommitmentCount + 1);
    expect(BigInt(after.TotalCommitmentAmount) - BigInt(before.TotalCommitmentAmount)).toBe(125_500_000n);
    await controls.reset();
    expect((await client.readCommitmentData({ saleUUID })).TotalCommitmentAmount).toBe(before.TotalCommitmentAmount);
  });
});

describe("the control panel", () => {
  it("is a page whose only script has a nonce and can reach the sandbox only", async () => {
    const response = await fetch(echo.origin);
    const policy = response.headers.get("content-security-policy") ?? "";
    const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1];
    const markup = await response.text();
    expect(nonce).toBeDefined();
    expect(markup.match(/<script/g)).toHaveLength(1);
    expect(markup).toContain(`<script nonce="${nonce}">`);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it("can be linked to from the app", async () => {
    expect((await fetch(echo.origin, { headers: { "sec-fetch-site": "cross-site" } })).status).toBe(200);
  });
});
