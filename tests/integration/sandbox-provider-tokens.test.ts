import { describe, expect, it } from "vitest";
import { ProviderVisitor, openProviders, type Changes } from "@/tests/support/sandbox/provider-visitor";
import {
  FIXTURE_CALL,
  FIXTURE_FACTS,
  FIXTURE_IDS,
  standIns,
  type FixtureId,
} from "@/tests/support/sandbox/fixture-stand-ins";
import { startStandIns } from "@/tests/support/sandbox/stand-ins";

const providers = openProviders((now) => startStandIns(FIXTURE_IDS, standIns, now));
const visitorOf = (id: FixtureId) => new ProviderVisitor(providers.all.by[id], id, FIXTURE_FACTS[id]);

/** Status and error of an answer. */
async function refusal(answer: Response): Promise<[number, unknown]> {
  const body: { error?: unknown } = await answer.json();
  return [answer.status, body.error];
}

describe.each(FIXTURE_IDS)("the token endpoint of the stand-in %s", (id) => {
  const visitor = () => visitorOf(id);
  const reads = async (token: string) => (await visitor().get(FIXTURE_CALL, `Bearer ${token}`)).status;

  it("exchanges a code for bearer tokens, which nobody may cache", async () => {
    const answer = await visitor().redeem(await visitor().code());
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    const text = expect.stringMatching(/^.{43}$/);
    expect(await answer.json()).toMatchObject({
      access_token: text,
      refresh_token: text,
      token_type: "bearer",
      expires_in: 900,
    });
  });

  it.each([
    ["a wrong secret", { client_secret: "wrong" }],
    ["no secret", { client_secret: undefined }],
    ["another client", { client_id: "somebody" }],
  ] satisfies [string, Changes][])("refuses %s with 401, and the code is not spent", async (_case, changes) => {
    const code = await visitor().code();
    expect(await refusal(await visitor().redeem(code, changes))).toEqual([401, "invalid_client"]);
    expect((await visitor().redeem(code)).status).toBe(200);
  });

  it("rejects an unknown code, and one that is ten minutes old", async () => {
    expect(await refusal(await visitor().redeem("unknown"))).toEqual([400, "invalid_grant"]);
    const code = await visitor().code();
    providers.clock.now += 10 * 60 * 1_000;
    expect(await refusal(await visitor().redeem(code))).toEqual([400, "invalid_grant"]);
  });

  it("rejects a redirect URI that is not identical, and the code is used up", async () => {
    const code = await visitor().code();
    const other = { redirect_uri: `${visitor().redirectUri}/` };
    expect(await refusal(await visitor().redeem(code, other))).toEqual([400, "invalid_grant"]);
    expect(await refusal(await visitor().redeem(code))).toEqual([400, "invalid_grant"]);
  });

  it("revokes the tokens of a code that is used again", async () => {
    const code = await visitor().code();
    const tokens: { access_token: string; refresh_token: string } = await (await visitor().redeem(code)).json();
    expect(await reads(tokens.access_token)).toBe(200);
    expect(await refusal(await visitor().redeem(code))).toEqual([400, "invalid_grant"]);
    expect(await reads(tokens.access_token)).toBe(401);
    expect(await refusal(await visitor().refresh(tokens.refresh_token))).toEqual([400, "invalid_grant"]);
  });

  it.each([
    ["no grant type", { grant_type: undefined }, "invalid_request"],
    ["another grant type", { grant_type: "password" }, "unsupported_grant_type"],
    ["no code", { code: undefined }, "invalid_request"],
    ["no redirect URI", { redirect_uri: undefined }, "invalid_request"],
  ] satisfies [string, Changes, string][])("refuses %s", async (_case, changes, error) => {
    expect(await refusal(await visitor().redeem("a-code", changes))).toEqual([400, error]);
  });

  it("rejects a repeated field, and every method but POST", async () => {
    const body = new URLSearchParams([
      ["grant_type", "refresh_token"],
      ["grant_type", "authorization_code"],
    ]);
    const address = `${visitor().origin}/oauth/token`;
    expect(await refusal(await fetch(address, { method: "POST", body }))).toEqual([400, "invalid_request"]);
    expect((await fetch(address)).status).toBe(405);
  });

  it("rotates refresh tokens; the second use of one ends its whole grant, and no other", async () => {
    const [mine, anothers] = [await visitor().tokens(), await visitor().tokens()];
    const next: typeof mine = await (await visitor().refresh(mine.refresh_token)).json();
    expect(next.refresh_token).not.toBe(mine.refresh_token);
    expect(await refusal(await visitor().refresh(mine.refresh_token))).toEqual([400, "invalid_grant"]);
    expect(await refusal(await visitor().refresh(next.refresh_token))).toEqual([400, "invalid_grant"]);
    expect(await reads(next.access_token)).toBe(401);
    expect(await reads(anothers.access_token)).toBe(200);
  });

  it("without rotation, sends no refresh token, and the old one stays valid", async () => {
    await providers.all.by[id].setQuirks({ rotates: false });
    const { refresh_token } = await visitor().tokens();
    for (let use = 0; use < 2; use++) {
      const answer = await visitor().refresh(refresh_token);
      expect([answer.status, Object.keys(await answer.json()).includes("refresh_token")]).toEqual([200, false]);
    }
  });

  it("leaves fields out of its answers on request", async () => {
    await providers.all.by[id].setQuirks({ expiresIn: false, refreshTokens: false });
    const fields = Object.keys(await visitor().tokens());
    expect(fields).not.toContain("expires_in");
    expect(fields).not.toContain("refresh_token");
  });

  it("rejects refresh tokens after everything was revoked", async () => {
    const { refresh_token } = await visitor().tokens();
    await providers.all.by[id].revokeEverything();
    expect(await refusal(await visitor().refresh(refresh_token))).toEqual([400, "invalid_grant"]);
  });

  it("gives access tokens that expire, and accepts them in one form only", async () => {
    const { access_token } = await visitor().tokens();
    for (const header of [
      undefined,
      access_token,
      `bearer ${access_token}`,
      `api:Bearer ${access_token}`,
      "Bearer x",
    ]) {
      expect((await visitor().get(FIXTURE_CALL, header)).status).toBe(401);
    }
    expect((await visitor().get(`${FIXTURE_CALL}?access_token=${access_token}`)).status).toBe(401);
    providers.clock.now += 899_000;
    expect(await reads(access_token)).toBe(200);
    providers.clock.now += 1_000;
    expect(await reads(access_token)).toBe(401);
  });
});

it.each([
  ["plain", true, 200],
  ["plain", false, 200],
  ["split", true, 400],
  ["split", false, 200],
] as const)("a token request matters by its type: %s, as JSON: %s, answers %i", async (id, json, status) => {
  const visitor = visitorOf(id);
  expect((await visitor.redeem(await visitor.code(), {}, { json })).status).toBe(status);
});

it.each([
  ["another verifier", { code_verifier: "w".repeat(43) }],
  ["no verifier", { code_verifier: undefined }],
] satisfies [string, Changes][])(
  "where PKCE is required, %s is refused, and the code is spent",
  async (_case, changes) => {
    const visitor = visitorOf("split");
    const code = await visitor.code();
    expect(await refusal(await visitor.redeem(code, changes))).toEqual([400, "invalid_grant"]);
    expect(await refusal(await visitor.redeem(code))).toEqual([400, "invalid_grant"]);
  },
);
