import { describe, expect, it } from "vitest";
import { fail } from "@/lib/result";
import { openProviderBench, type SentRequest } from "@/tests/support/oauth/provider-bench";

const bench = openProviderBench();
const lines = (sent: readonly SentRequest[]) => sent.map(({ method, url }) => `${method} ${url.pathname}${url.search}`);
const list = (input: unknown = { limit: 3 }) => bench().call("oncehub", "listBookings", input);

/** Numbers are those of the acceptance checks (providers.md section 5). */
describe("OnceHub", () => {
  it("is asked for a code with four parameters and PKCE, and no more, the state being 256 bits", async () => {
    const url = await bench().begin("oncehub");
    expect(url.origin + url.pathname).toBe(`${bench().providers.oncehub.origin}/oauth/authorize`);
    expect([...url.searchParams.keys()].sort()).toEqual([
      "client_id",
      "code_challenge",
      "code_challenge_method",
      "redirect_uri",
      "response_type",
      "state",
    ]);
    expect(Buffer.from(url.searchParams.get("state") ?? "", "base64url")).toHaveLength(32);
  });

  it("gets one token request: JSON, five fields and the verifier, the secret in the body", async () => {
    const callback = await bench().callback("oncehub");
    const sent = bench().listen();
    expect(await bench().complete(callback)).toEqual({ ok: true, data: { returnTo: "/connections" } });
    expect(lines(sent)).toEqual(["POST /oauth/token"]);
    expect(sent[0]?.headers.get("content-type")).toBe("application/json");
    expect(sent[0]?.headers.has("authorization")).toBe(false);
    const fields = ["client_id", "client_secret", "code", "code_verifier", "grant_type", "redirect_uri"];
    expect(Object.keys(JSON.parse(sent[0]?.body ?? "")).sort()).toEqual(fields);
  });

  it("lists bookings with a Bearer token, page after page", async () => {
    await bench().connected("oncehub");
    const sent = bench().listen();
    const first = await list();
    expect(lines(sent)).toEqual(["GET /v2/bookings?limit=3"]);
    expect(sent[0]?.headers.get("authorization")).toBe(`Bearer ${(await bench().tokens("oncehub"))?.accessToken}`);
    const booking = { subject: expect.any(String), status: expect.any(String), starting_time: expect.any(String) };
    expect(first).toMatchObject({ ok: true, data: { data: [booking, booking, booking], has_more: true } });
    expect(await list({ limit: 100, after: "BKNG-00003998" })).toMatchObject({ data: { has_more: false } });
  });

  it.each([true, false])(
    "an expired access token is refreshed once, unnoticed by the user (lifetime sent: %s)",
    async (expiresIn) => {
      await bench().providers.oncehub.setQuirks({ expiresIn });
      await bench().connected("oncehub");
      await bench().providers.oncehub.expireAccessTokens();
      const sent = bench().listen();
      expect(await list()).toMatchObject({ ok: true });
      expect(lines(sent)).toEqual(["GET /v2/bookings?limit=3", "POST /oauth/token", "GET /v2/bookings?limit=3"]);
      expect(JSON.parse(sent[1]?.body ?? "")).toMatchObject({ grant_type: "refresh_token" });
      expect(sent[0]?.headers.get("authorization")).not.toBe(sent[2]?.headers.get("authorization"));
    },
  );

  it("two expiries in a row recover, whether refresh tokens are rotated or not", async () => {
    for (const rotates of [false, true]) {
      await bench().providers.oncehub.setQuirks({ rotates });
      await bench().connected("oncehub");
      const first = (await bench().tokens("oncehub"))?.refreshToken;
      for (let expiry = 0; expiry < 2; expiry++) {
        await bench().providers.oncehub.expireAccessTokens();
        expect(await list({ limit: 1 })).toMatchObject({ ok: true });
      }
      expect((await bench().tokens("oncehub"))?.refreshToken === first).toBe(!rotates);
      await bench().disconnect("oncehub");
    }
  });

  it("where refresh tokens are rotated, the second refresh sends the token of the first", async () => {
    await bench().connected("oncehub");
    const sent = bench().listen();
    const kept: (string | undefined)[] = [];
    for (let expiry = 0; expiry < 2; expiry++) {
      kept.push((await bench().tokens("oncehub"))?.refreshToken);
      await bench().providers.oncehub.expireAccessTokens();
      await list({ limit: 1 });
    }
    const refreshes = sent.filter(({ url }) => url.pathname === "/oauth/token");
    expect(refreshes.map(({ body }) => JSON.parse(body).refresh_token)).toEqual(kept);
    expect(new Set(kept).size).toBe(2);
  });

  it.each([
    { limit: 0 },
    { limit: 101 },
    { limit: "x" },
    { after: "a b" },
    { after: "BKNG-1", before: "BKNG-2" },
    undefined,
  ])("is not asked with bad input, case %#", async (input) => {
    await bench().connected("oncehub");
    await bench().outdate("oncehub");
    const sent = bench().listen();
    expect(await bench().call("oncehub", "listBookings", input === undefined ? null : input)).toEqual(
      fail("api/invalid_request"),
    );
    expect(sent).toEqual([]);
  });

  it.each(["nothing", "__proto__", "constructor", "toString"])("has no call named %s", async (name) => {
    await bench().connected("oncehub");
    const sent = bench().listen();
    expect(await bench().call("oncehub", name)).toEqual(fail("api/not_found"));
    expect(sent).toEqual([]);
  });

  it.each([
    ["429", { kind: "rate-limit", retryAfterSeconds: 1 }, "api/rate_limited"],
    ["503", { kind: "status", status: 503 }, "api/server_error"],
    ["another shape", { kind: "wrong-shape" }, "api/invalid_response"],
  ] as const)("answered with %s is told as it is: no refresh, still connected", async (_case, effect, code) => {
    await bench().connected("oncehub");
    await bench().providers.oncehub.setFault({ endpoint: "/v2/bookings", effect });
    const sent = bench().listen();
    expect(await list()).toMatchObject({ ok: false, error: { code, recovery: "retry" } });
    expect(lines(sent)).toEqual(["GET /v2/bookings?limit=3"]);
    expect(await bench().tokens("oncehub")).toBeDefined();
  });

  it("a sixth request within a second is refused with its own code", async () => {
    await bench().connected("oncehub");
    const answers = await Promise.all(Array.from({ length: 6 }, () => list({ limit: 1 })));
    expect(answers.filter(({ ok }) => !ok)).toEqual([fail("api/rate_limited", { status: 429 })]);
  });

  it("a permanent 401: one refresh, two requests, an offer to connect again, and the connection is kept", async () => {
    await bench().connected("oncehub");
    await bench().providers.oncehub.setFault({ endpoint: "/v2/bookings", effect: { kind: "status", status: 401 } });
    const sent = bench().listen();
    const answer = await list();
    expect(answer).toEqual(fail("api/unauthorized", { status: 401 }));
    expect(answer).toMatchObject({ error: { recovery: "reconnect" } });
    expect(lines(sent)).toEqual(["GET /v2/bookings?limit=3", "POST /oauth/token", "GET /v2/bookings?limit=3"]);
    expect(await bench().tokens("oncehub")).toBeDefined();
  });
});
