import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { deadlineIn } from "@/lib/http/deadline";
import { sonarProvider } from "@/lib/providers/sonar";
import { accessToken } from "@/tests/support/oauth/token-server";
import { answerJson, startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";

const NOW = 1_800_000_000_500;
const REDIRECT_URI = "http://localhost:3000/oauth/callback";

let server: LocalServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

function adapterFor(apiUrl: string) {
  const uuids = { clientUUID: "client-uuid", saleUUID: "sale-uuid" };
  const urls = { redirectUri: REDIRECT_URI, apiUrl, frontendUrl: "https://app.example.com" };
  return sonarProvider({ ...uuids, ...urls }, () => NOW).oauth;
}

async function serve(handle: Handler) {
  server = await startLocalServer(handle);
  return { adapter: adapterFor(server.origin), requests: server.requests };
}

function answering(body: unknown, status = 200): Handler {
  return (_request, response) => answerJson(response, status, body);
}

const tokens = { access_token: accessToken("ada"), refresh_token: "r2", token_type: "bearer", expires_in: 3600 };
const response = { callback: new URLSearchParams("code=c"), state: "s", codeVerifier: "v", redirectUri: REDIRECT_URI };

async function begin() {
  const begun = await adapterFor("http://127.0.0.1:1").begin(REDIRECT_URI, deadlineIn(1_000));
  if (!begun.ok) throw new Error(begun.error.code);
  return begun.data;
}

describe("beginning", () => {
  it("asks for a code with exactly the parameters that Sonar knows", async () => {
    const { url, state, codeVerifier = "" } = await begin();
    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe("https://app.example.com/oauth/authorize");
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: "client-uuid",
      redirect_uri: REDIRECT_URI,
      response_type: "code",
      state,
      code_challenge: createHash("sha256").update(codeVerifier).digest("base64url"),
    });
  });

  it("makes a new state and verifier of full strength each time", async () => {
    const requests = await Promise.all(Array.from({ length: 20 }, begin));
    expect(new Set(requests.flatMap(({ state, codeVerifier }) => [state, codeVerifier])).size).toBe(40);
    for (const { state, codeVerifier } of requests) {
      expect(codeVerifier).toMatch(/^[\w.~-]{43,128}$/);
      expect(Buffer.from(state, "base64url").length).toBeGreaterThanOrEqual(32);
    }
  });

  it("does not let the verifier into the URL", async () => {
    const { url, codeVerifier } = await begin();
    expect(url).not.toContain(codeVerifier);
  });
});

const YEAR = 365 * 24 * 60 * 60;

describe.each(["exchange", "refresh"] as const)("the tokens of the %s", (step) => {
  async function received(changes: object) {
    const { adapter } = await serve(answering({ ...tokens, ...changes }));
    const result =
      step === "exchange"
        ? await adapter.exchange(response, deadlineIn(5_000))
        : await adapter.refresh("r1", deadlineIn(5_000));
    return result.ok ? result.data : result.error.code;
  }

  it.each([null, undefined, "", "  ", 7, {}, [], false])(
    "are kept without a new refresh token, sent as %j; an old one stays",
    async (refresh_token) => {
      expect(await received({ refresh_token })).toEqual({
        accessToken: tokens.access_token,
        obtainedAt: 1_800_000_000,
        expiresAt: 1_800_003_600,
        ...(step === "refresh" && { refreshToken: "r1" }),
      });
    },
  );

  it.each([
    ["3600", 3_600],
    [" 3600.0 ", 3_600],
    [3_600.9, 3_600],
    [1e12, YEAR],
    ["99999999999999999999", YEAR],
    [null, undefined],
    [undefined, undefined],
    ["", undefined],
    [0, undefined],
    [0.5, undefined],
    [-5, undefined],
    ["-5", undefined],
    ["1h", undefined],
    [true, undefined],
    [{}, undefined],
  ])("are kept if their lifetime is sent as %j", async (expires_in, lifetime) => {
    expect(await received({ expires_in })).toEqual({
      accessToken: tokens.access_token,
      refreshToken: "r2",
      obtainedAt: 1_800_000_000,
      ...(lifetime !== undefined && { expiresAt: 1_800_000_000 + lifetime }),
    });
  });

  it.each([{ token_type: null }, { token_type: 7 }, { scope: null, id_token: "" }, { scope: [] }])(
    "are kept whatever else is odd: %j",
    async (changes) => {
      expect(await received(changes)).toMatchObject({ accessToken: tokens.access_token, refreshToken: "r2" });
    },
  );
});

describe("exchanging a code", () => {
  it("sends code, verifier and redirect URI, and no token", async () => {
    const { adapter, requests } = await serve(answering(tokens));
    await adapter.exchange(response, deadlineIn(5_000));
    expect(requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ["/oauth.ExchangeAuthorizationCodeV2", { code: "c", code_verifier: "v", redirect_uri: REDIRECT_URI }],
    ]);
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  it("dates the tokens by our own clock", async () => {
    const { adapter } = await serve(answering(tokens));
    expect(await adapter.exchange(response, deadlineIn(5_000))).toEqual({
      ok: true,
      data: {
        accessToken: tokens.access_token,
        refreshToken: "r2",
        obtainedAt: 1_800_000_000,
        expiresAt: 1_800_003_600,
      },
    });
  });

  it("may bring no refresh token", async () => {
    const { adapter } = await serve(answering({ ...tokens, refresh_token: undefined }));
    const exchanged = await adapter.exchange(response, deadlineIn(5_000));
    expect(exchanged.ok && "refreshToken" in exchanged.data).toBe(false);
    expect(exchanged.ok).toBe(true);
  });

  it.each([
    ["no access token", { access_token: undefined }],
    ["an access token that is no JWT", { access_token: "opaque" }],
    ["a JWT that tells no expiry, which sonar-core drops", { access_token: "eyJhbGciOiJub25lIn0.e30.c2ln" }],
    ["an access token that is null", { access_token: null }],
    ["an empty access token", { access_token: "" }],
    ["an access token with a line break", { access_token: `${tokens.access_token}\n` }],
    ["an access token with a letter that no header can have", { access_token: `${tokens.access_token}é` }],
  ])("is refused when the answer has %s", async (_case, changes) => {
    const { adapter } = await serve(answering({ ...tokens, ...changes }));
    expect(await adapter.exchange(response, deadlineIn(5_000))).toMatchObject({
      ok: false,
      error: { code: "oauth/invalid_response" },
    });
  });

  it("is never tried twice, even if the connection breaks", async () => {
    const { adapter, requests } = await serve((_request, answer) => void answer.destroy());
    expect(await adapter.exchange(response, deadlineIn(5_000))).toMatchObject({ error: { reason: "unreachable" } });
    expect(requests).toHaveLength(1);
  });
});

describe("refreshing", () => {
  it("sends the refresh token, and the expiring access token not along with it", async () => {
    const { adapter, requests } = await serve(answering(tokens));
    await adapter.refresh("r1", deadlineIn(5_000));
    expect(requests.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([
      ["/oauth.RefreshAccessToken", { refresh_token: "r1" }],
    ]);
    expect(requests[0]?.headers.authorization).toBeUndefined();
  });

  it("takes the new refresh token, and keeps the old one when none comes", async () => {
    const { adapter } = await serve((request, answer) => {
      const { refresh_token, ...others } = tokens;
      answerJson(answer, 200, request.body.includes("rotating") ? { ...others, refresh_token } : others);
    });
    expect(await adapter.refresh("rotating", deadlineIn(5_000))).toMatchObject({ data: { refreshToken: "r2" } });
    expect(await adapter.refresh("r1", deadlineIn(5_000))).toMatchObject({ data: { refreshToken: "r1" } });
  });

  it("is never tried twice, even if the connection breaks", async () => {
    const { adapter, requests } = await serve((_request, answer) => void answer.destroy());
    expect(await adapter.refresh("r1", deadlineIn(5_000))).toMatchObject({ error: { recovery: "retry" } });
    expect(requests).toHaveLength(1);
  });
});
