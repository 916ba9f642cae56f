import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SonarClient } from "@echoxyz/sonar-core";
import { startEcho, type RunningEcho } from "@/sandbox/echo/server";
import {
  REDIRECT_URI,
  callEcho,
  connectedClient,
  obtainCode,
  obtainTokens,
} from "@/tests/support/sandbox/sandbox-user";
import { SandboxClient } from "@/tests/support/sandbox/sandbox-client";

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";
const REFRESH = "/oauth.RefreshAccessToken";
const START = Date.UTC(2026, 10, 21, 12);

let now = START;
let echo: RunningEcho;
let controls: SandboxClient;
beforeAll(async () => {
  echo = await startEcho({ port: 0, redirectUris: [REDIRECT_URI, "http://localhost:3000/b"], now: () => now });
  controls = new SandboxClient(echo.origin);
});
beforeEach(async () => {
  now = START;
  await controls.reset({ grants: true });
});
afterAll(() => echo.close());

const client = () => new SonarClient({ apiURL: echo.origin });
const profileStatus = async (accessToken: string) => {
  const headers = { authorization: `api:Bearer ${accessToken}` };
  return (await callEcho(echo.origin, "/externalapi.MyProfile", {}, headers)).status;
};
const refusal = { status: 401, code: "unauthenticated", details: { details: { error: "invalid_grant" } } };
const badCode = { status: 400, code: "invalid_argument", details: { details: { error: "invalid_grant" } } };

describe("exchanging a code", () => {
  it("gives an access token in the shape of a JWT whose exp matches expires_in, and a refresh token, uncached", async () => {
    const { code, codeVerifier, redirectURI } = await obtainCode(echo.origin);
    const body = { code, code_verifier: codeVerifier, redirect_uri: redirectURI };
    const response = await callEcho(echo.origin, EXCHANGE, body);
    const tokens = await response.json();
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(tokens).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      token_type: "bearer",
      expires_in: 3600,
    });
    const parts = String(tokens.access_token).split(".");
    expect(parts).toHaveLength(3);
    const claims = JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString());
    expect(claims.exp).toBe(START / 1000 + 3600);
  });

  it("gives a token that sonar-core keeps and the API accepts", async () => {
    now = Date.now();
    const connected = await connectedClient(echo.origin);
    expect(connected.getToken()).toBeDefined();
    expect((await connected.myProfile()).EmailAddress).toBe("ada@example.com");
  });

  it("works once: a second use fails and revokes the tokens of the first", async () => {
    const pending = await obtainCode(echo.origin);
    const tokens = await client().exchangeAuthorizationCode(pending);
    expect(await profileStatus(tokens.access_token)).toBe(200);
    await expect(client().exchangeAuthorizationCode(pending)).rejects.toMatchObject(badCode);
    expect(await profileStatus(tokens.access_token)).toBe(401);
    await expect(client().refreshToken({ refreshToken: tokens.refresh_token })).rejects.toMatchObject(refusal);
  });

  it("leaves other connections alone when a code is used twice", async () => {
    const bystander = await obtainTokens(echo.origin);
    const pending = await obtainCode(echo.origin);
    await client().exchangeAuthorizationCode(pending);
    await expect(client().exchangeAuthorizationCode(pending)).rejects.toMatchObject(badCode);
    expect(await profileStatus(bystander.access_token)).toBe(200);
  });

  it("fails with another verifier, and the code is used up", async () => {
    const pending = await obtainCode(echo.origin);
    const wrong = { ...pending, codeVerifier: "x".repeat(43) };
    await expect(client().exchangeAuthorizationCode(wrong)).rejects.toMatchObject(badCode);
    await expect(client().exchangeAuthorizationCode(pending)).rejects.toMatchObject(badCode);
  });

  it("fails with another redirect URI, even a registered one", async () => {
    const pending = { ...(await obtainCode(echo.origin)), redirectURI: "http://localhost:3000/b" };
    await expect(client().exchangeAuthorizationCode(pending)).rejects.toMatchObject(badCode);
  });

  it("works until ten minutes have passed, and not after", async () => {
    const [inTime, late] = [await obtainCode(echo.origin), await obtainCode(echo.origin)];
    now = START + 600_000 - 1;
    await client().exchangeAuthorizationCode(inTime);
    now = START + 600_000;
    await expect(client().exchangeAuthorizationCode(late)).rejects.toMatchObject(badCode);
  });

  it("fails for a code that was never issued", async () => {
    const pending = { ...(await obtainCode(echo.origin)), code: "made-up" };
    await expect(client().exchangeAuthorizationCode(pending)).rejects.toMatchObject(badCode);
  });

  it.each(["code", "code_verifier", "redirect_uri"])(
    "without %s names the field and uses up nothing",
    async (field) => {
      const pending = await obtainCode(echo.origin);
      const body = { code: pending.code, code_verifier: pending.codeVerifier, redirect_uri: pending.redirectURI };
      const response = await callEcho(echo.origin, EXCHANGE, { ...body, [field]: undefined });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code: "invalid_argument", details: { field } });
      await client().exchangeAuthorizationCode(pending);
    },
  );

  it("accepts JSON only, not the form encoding of standard OAuth", async () => {
    const form = new URLSearchParams({ code: "x", code_verifier: "y", redirect_uri: "z" });
    expect((await fetch(echo.origin + EXCHANGE, { method: "POST", body: form })).status).toBe(415);
  });
});

describe("refreshing", () => {
  it("rotates the refresh token, and the new ones work", async () => {
    const first = await obtainTokens(echo.origin);
    const second = await client().refreshToken({ refreshToken: first.refresh_token });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect(second.access_token).not.toBe(first.access_token);
    expect(await profileStatus(second.access_token)).toBe(200);
    const third = await client().refreshToken({ refreshToken: second.refresh_token });
    expect(await profileStatus(third.access_token)).toBe(200);
  });

  it("with a rotated token revokes the whole grant", async () => {
    const first = await obtainTokens(echo.origin);
    const second = await client().refreshToken({ refreshToken: first.refresh_token });
    await expect(client().refreshToken({ refreshToken: first.refresh_token })).rejects.toMatchObject(refusal);
    expect(await profileStatus(second.access_token)).toBe(401);
    await expect(client().refreshToken({ refreshToken: second.refresh_token })).rejects.toMatchObject(refusal);
  });

  it("twice at the same time ends the connection, so an app must refresh one at a time", async () => {
    const { refresh_token: refreshToken } = await obtainTokens(echo.origin);
    const both = await Promise.allSettled([
      client().refreshToken({ refreshToken }),
      client().refreshToken({ refreshToken }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const winner = both.find((result) => result.status === "fulfilled");
    expect(await profileStatus(winner?.value.access_token ?? "")).toBe(401);
  });

  it("ignores an authorization header", async () => {
    const { refresh_token } = await obtainTokens(echo.origin);
    const response = await callEcho(
      echo.origin,
      REFRESH,
      { refresh_token },
      { authorization: "api:Bearer expired.or.not" },
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it.each([[{}], [{ refresh_token: "" }], [{ refresh_token: 7 }], [{ refreshToken: "x" }]])(
    "with %o names the field",
    async (body) => {
      const response = await callEcho(echo.origin, REFRESH, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ details: { field: "refresh_token" } });
    },
  );

  it("with a made-up token fails", async () => {
    await expect(client().refreshToken({ refreshToken: "made-up" })).rejects.toMatchObject(refusal);
  });
});

describe("an access token", () => {
  it("is rejected from the second of its expiry", async () => {
    const { access_token } = await obtainTokens(echo.origin);
    now = START + 3600_000 - 1;
    expect(await profileStatus(access_token)).toBe(200);
    now = START + 3600_000;
    expect(await profileStatus(access_token)).toBe(401);
  });

  it("has the lifetime that the control endpoint sets", async () => {
    await controls.setTokenLifetime(5);
    const tokens = await obtainTokens(echo.origin);
    expect(tokens.expires_in).toBe(5);
    now = START + 5000;
    expect(await profileStatus(tokens.access_token)).toBe(401);
  });

  it("can be expired by a control while the refresh token stays valid", async () => {
    const tokens = await obtainTokens(echo.origin);
    await controls.expireAccessTokens();
    expect(await profileStatus(tokens.access_token)).toBe(401);
    const next = await client().refreshToken({ refreshToken: tokens.refresh_token });
    expect(await profileStatus(next.access_token)).toBe(200);
  });

  it("and its refresh token end when everything is revoked, and so do unused codes", async () => {
    const tokens = await obtainTokens(echo.origin);
    const pending = await obtainCode(echo.origin);
    await controls.revokeEverything();
    expect(await profileStatus(tokens.access_token)).toBe(401);
    await expect(client().refreshToken({ refreshToken: tokens.refresh_token })).rejects.toMatchObject(refusal);
    await expect(client().exchangeAuthorizationCode(pending)).rejects.toMatchObject(badCode);
  });

  it("must come in the exact form api:Bearer", async () => {
    const { access_token: token } = await obtainTokens(echo.origin);
    const bad = [
      `Bearer ${token}`,
      `api:bearer ${token}`,
      `API:Bearer ${token}`,
      `api:Bearer  ${token}`,
      `api:Bearer ${token} x`,
      token,
    ];
    for (const authorization of bad) {
      const response = await callEcho(echo.origin, "/externalapi.MyProfile", {}, { authorization });
      expect(response.status, authorization.replace(token, "TOKEN")).toBe(401);
      expect(await response.json()).toMatchObject({ code: "unauthenticated", details: null });
    }
    expect(await profileStatus(token)).toBe(200);
  });

  it("is not a refresh token, and vice versa", async () => {
    const tokens = await obtainTokens(echo.origin);
    expect(await profileStatus(tokens.refresh_token)).toBe(401);
    await expect(client().refreshToken({ refreshToken: tokens.access_token })).rejects.toMatchObject(refusal);
  });

  it("with valid claims but another signature is rejected", async () => {
    const { access_token } = await obtainTokens(echo.origin);
    const [header, claims] = access_token.split(".");
    expect(await profileStatus(`${header}.${claims}.${"A".repeat(43)}`)).toBe(401);
  });
});
