import { describe, expect, it } from "vitest";
import { ProviderVisitor, openProviders, type Changes } from "@/tests/support/sandbox/provider-visitor";
import { postConsent } from "@/tests/support/sandbox/sandbox-user";
import { FIXTURE_FACTS, FIXTURE_IDS, standIns } from "@/tests/support/sandbox/fixture-stand-ins";
import { startStandIns } from "@/tests/support/sandbox/stand-ins";

const providers = openProviders((now) => startStandIns(FIXTURE_IDS, standIns, now));
const APPROVE = { persona: "ada", decision: "approve" };

/** The query of the redirect after the decision; fails for an answer that is no redirect. */
async function decided(url: URL, fields: Readonly<Record<string, string>> = APPROVE): Promise<URLSearchParams> {
  const answer = await postConsent(url, fields);
  expect(answer.status).toBe(303);
  return new URL(answer.headers.get("location") ?? "").searchParams;
}

async function expectPageOnly(url: URL): Promise<void> {
  for (const answer of [await fetch(url, { redirect: "manual" }), await postConsent(url, APPROVE)]) {
    expect([answer.status, answer.headers.get("location")]).toEqual([400, null]);
    expect(answer.headers.get("content-type")).toContain("text/html");
  }
}

describe.each(FIXTURE_IDS)("the consent page of the stand-in %s", (id) => {
  const visitor = () => new ProviderVisitor(providers.all.by[id], id, FIXTURE_FACTS[id]);

  it.each([
    ["an unknown client", { client_id: "somebody" }],
    ["no client", { client_id: undefined }],
    ["no redirect URI", { redirect_uri: undefined }],
    ["a redirect URI with a slash more", { redirect_uri: `http://localhost:3000/oauth/callback/${id}/` }],
    ["a redirect URI at another port", { redirect_uri: `http://localhost:3001/oauth/callback/${id}` }],
    ["a name with a blank in it", { " state": "x" }],
  ] satisfies [string, Changes][])("for %s is an error that redirects nowhere", async (_case, changes) => {
    await expectPageOnly(visitor().authorizeUrl(changes));
  });

  it.each(["client_id", "redirect_uri"])("with two of %s is an error without a redirect", async (name) => {
    const url = visitor().authorizeUrl();
    url.searchParams.append(name, url.searchParams.get(name) ?? "");
    // The helper that posts would send one only.
    expect((await fetch(url, { redirect: "manual" })).status).toBe(400);
  });

  it.each([
    ["no response_type", { response_type: undefined }, "invalid_request"],
    ["another response_type", { response_type: "token" }, "unsupported_response_type"],
    ["a scope that nobody knows", { scope: "everything" }, "invalid_scope"],
    ["a scope every object has", { scope: "constructor" }, "invalid_scope"],
  ] satisfies [string, Changes, string][])(
    "sends %s back as an error, with the state",
    async (_case, changes, error) => {
      const query = await decided(visitor().authorizeUrl(changes));
      expect([query.get("error"), query.get("state"), query.get("code")]).toEqual([error, "a-state", null]);
    },
  );

  it("returns a request without a state, or with a repeated parameter, as an error", async () => {
    expect((await decided(visitor().authorizeUrl({ state: undefined }))).get("error")).toBe("invalid_request");
    const twice = visitor().authorizeUrl();
    twice.searchParams.append("response_type", "code");
    const answer = await fetch(twice, { redirect: "manual" });
    expect(answer.headers.get("location")).toContain("error=invalid_request");
  });

  it("returns the exact state, and a new code of 256 bits each time", async () => {
    const state = "a b+c/=&é%20";
    const queries = [
      await decided(visitor().authorizeUrl({ state })),
      await decided(visitor().authorizeUrl({ state })),
    ];
    expect(queries.map((query) => query.get("state"))).toEqual([state, state]);
    const codes = queries.map((query) => query.get("code") ?? "");
    expect(new Set(codes).size).toBe(2);
    for (const code of codes) expect(Buffer.from(code, "base64url")).toHaveLength(32);
  });

  it("reports a denial, and gives no code", async () => {
    const query = await decided(visitor().authorizeUrl(), { decision: "deny" });
    expect([query.get("error"), query.get("state"), query.get("code")]).toEqual(["access_denied", "a-state", null]);
  });

  it("accepts no decision from a page of another site, and none without an account", async () => {
    const url = visitor().authorizeUrl();
    const body = new URLSearchParams([...url.searchParams, ...Object.entries(APPROVE)]);
    for (const header of ["Origin: https://evil.example.com", "Sec-Fetch-Site: cross-site"]) {
      const [name = "", value = ""] = header.split(": ");
      expect(
        (await fetch(url.origin + url.pathname, { method: "POST", headers: { [name]: value }, body })).status,
      ).toBe(403);
    }
    expect((await postConsent(url, { decision: "approve", persona: "nobody" })).status).toBe(400);
  });
});

it.each([
  ["no challenge", { code_challenge: undefined }],
  ["no method", { code_challenge_method: undefined }],
  ["the plain method", { code_challenge_method: "plain" }],
  ["a challenge of another length", { code_challenge: "c".repeat(42) }],
] satisfies [string, Changes][])("where PKCE with S256 is required, %s is refused", async (_case, changes) => {
  const visitor = new ProviderVisitor(providers.all.by.split, "split", FIXTURE_FACTS.split);
  expect((await decided(visitor.authorizeUrl(changes))).get("error")).toBe("invalid_request");
});
