import { createPublicKey, verify } from "node:crypto";
import { describe, expect, it } from "vitest";
import { openProviders, ProviderVisitor, type ProviderFacts } from "@/tests/support/sandbox/provider-visitor";
import { postConsent } from "@/tests/support/sandbox/sandbox-user";
import { startTestProviders, type TestProviderId } from "@/tests/support/sandbox/test-providers";

const FACTS: Readonly<Record<TestProviderId, ProviderFacts>> = {
  oncehub: { authorizePath: "/oauth/authorize", pkce: false, json: true },
  interact: { authorizePath: "/oauth/authorize", pkce: false, json: true, scope: "read_user write_data" },
  rakomi: { authorizePath: "/authorize", pkce: true, json: false, scope: "openid profile email" },
};

const providers = openProviders(startTestProviders);
const visitorOf = (id: TestProviderId) => new ProviderVisitor(providers.all[id], id, FACTS[id]);

it.each([
  ["oncehub", true, 200],
  ["oncehub", false, 200],
  ["interact", true, 200],
  ["interact", false, 200],
  ["rakomi", true, 400],
  ["rakomi", false, 200],
] as const)("the type of a token request matters: %s, as JSON: %s, answers %i", async (id, json, status) => {
  const code = await visitorOf(id).code();
  expect((await visitorOf(id).redeem(code, {}, { json })).status).toBe(status);
});

interface Listed {
  object: string;
  data: { id: string; subject: string; status: string; starting_time: string }[];
  has_more: boolean;
}

describe("the sandbox's OnceHub", () => {
  async function list(query = "") {
    const { access_token } = await visitorOf("oncehub").tokens();
    return visitorOf("oncehub").get(`/v2/bookings${query}`, `Bearer ${access_token}`);
  }
  const ids = async (answer: Response) => {
    const { data }: Listed = await answer.json();
    return data.map(({ id }) => id);
  };

  it("lists ten bookings by default, and says if there are more", async () => {
    const first: Listed = await (await list()).json();
    expect([first.object, first.data.length, first.has_more]).toEqual(["list", 10, true]);
    const all: Listed = await (await list("?limit=100")).json();
    expect([all.data.length, all.has_more]).toEqual([23, false]);
    expect(all.data[0]).toMatchObject({ object: "booking", id: expect.stringMatching(/^BKNG-/), duration_minutes: 30 });
  });

  it("pages forwards and backwards by a booking's id, and links to the adjacent pages", async () => {
    const first = await list("?limit=3");
    expect(first.headers.get("link")).toBe('</v2/bookings?limit=3&after=BKNG-00003998>; rel="next"');
    const second = await list("?limit=3&after=BKNG-00003998");
    expect(second.headers.get("link")).toContain('before=BKNG-00003997>; rel="previous"');
    expect(await ids(second)).toEqual(["BKNG-00003997", "BKNG-00003996", "BKNG-00003995"]);
    expect(await ids(await list("?limit=3&before=BKNG-00003997"))).toEqual(await ids(first));
    expect((await list("?limit=3&after=BKNG-00003981")).headers.get("link")).not.toContain("next");
  });

  it.each([
    ["?limit=0", "limit"],
    ["?limit=101", "limit"],
    ["?limit=x", "limit"],
    ["?limit=1.5", "limit"],
    ["?limit=1&limit=2", "limit"],
    ["?after=BKNG-00003998&before=BKNG-00003998", "before"],
    ["?after=BKNG-1", "after"],
    ["?colour=red", "colour"],
  ])("rejects %s, and names the parameter", async (query, param) => {
    const answer = await list(query);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ type: "invalid_request_error", param });
  });

  it("answers a 401 as documented, without a challenge", async () => {
    const answer = await visitorOf("oncehub").get("/v2/bookings", "Bearer nothing");
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, null]);
    expect(await answer.json()).toEqual({ type: "authentication_error", message: expect.stringMatching(/\w/) });
  });

  it("answers five requests per second, not six, and continues in the next second", async () => {
    const { access_token } = await visitorOf("oncehub").tokens();
    const ask = async () => (await visitorOf("oncehub").get("/v2/bookings", `Bearer ${access_token}`)).status;
    const statuses: number[] = [];
    for (let request = 0; request < 6; request++) statuses.push(await ask());
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    providers.clock.now += 1_000;
    expect(await ask()).toBe(200);
  });
});

describe("the sandbox's Interact", () => {
  const write = async (scope: string, entry: unknown) => {
    const { access_token } = await visitorOf("interact").tokens({ scope });
    const headers = { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
    return fetch(`${visitorOf("interact").origin}/data`, { method: "POST", headers, body: JSON.stringify(entry) });
  };
  const read = async (scope: string) =>
    visitorOf("interact").get("/user", `Bearer ${(await visitorOf("interact").tokens({ scope })).access_token}`);

  it("allows the granted scopes, and answers that any other is missing", async () => {
    expect((await read("read_user")).status).toBe(200);
    expect((await write("write_data", { title: "A", text: "" })).status).toBe(201);
    for (const answer of [await read("write_data"), await write("read_user", { title: "A", text: "" })]) {
      expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([
        403,
        'Bearer error="insufficient_scope"',
      ]);
    }
  });

  it.each([{}, { title: "", text: "" }, { title: 1, text: "" }, { title: "A" }, []])(
    "stores no entry that is none, case %#",
    async (entry) => {
      expect((await write("write_data", entry)).status).toBe(400);
    },
  );
});

describe("the sandbox's Rakomi", () => {
  it("gives the granted fields of a person, and no more", async () => {
    const ask = async (scope: string) => {
      const { access_token } = await visitorOf("rakomi").tokens({ scope });
      return (await visitorOf("rakomi").get("/oauth/userinfo", `Bearer ${access_token}`)).json();
    };
    expect(await ask("openid")).toEqual({ sub: "rk|ada" });
    expect(await ask("openid email")).toEqual({ sub: "rk|ada", email: "ada@example.com", email_verified: true });
  });

  it("signs an id token for the scope `openid`, as the issuer in its document", async () => {
    const { origin } = visitorOf("rakomi");
    const document = await (await fetch(`${origin}/.well-known/openid-configuration`)).json();
    const { keys } = await (await fetch(document.jwks_uri)).json();
    const tokens = await (await visitorOf("rakomi").redeem(await visitorOf("rakomi").code())).json();
    const [head = "", claims = "", signature = ""] = String(tokens.id_token).split(".");
    const key = createPublicKey({ key: keys[0], format: "jwk" });
    expect(verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))).toBe(true);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      iss: document.issuer,
      sub: "rk|ada",
    });
    expect(await visitorOf("rakomi").tokens({ scope: "email" })).not.toHaveProperty("id_token");
  });

  it("has its pages on another host than its API, and publishes that", async () => {
    const { origin } = visitorOf("rakomi");
    const document = await (await fetch(`${origin}/.well-known/openid-configuration`)).json();
    expect(new URL(document.authorization_endpoint).origin).toBe(providers.all.addresses.RAKOMI_ACCOUNTS_URL);
    expect(new URL(document.token_endpoint).origin).toBe(origin);
    expect(providers.all.addresses.RAKOMI_ACCOUNTS_URL).not.toBe(origin);
  });

  it("wants PKCE, and names itself in every answer of its pages, including errors (RFC 9207)", async () => {
    const { RAKOMI_ISSUER } = providers.all.addresses;
    const answers = [
      [visitorOf("rakomi").authorizeUrl({ code_challenge: undefined }), { persona: "ada", decision: "approve" }],
      [visitorOf("rakomi").authorizeUrl(), { persona: "ada", decision: "approve" }],
      [visitorOf("rakomi").authorizeUrl(), { decision: "deny" }],
    ] as const;
    const queries = await Promise.all(
      answers.map(async ([url, decision]) => {
        const { searchParams } = new URL((await postConsent(url, decision)).headers.get("location") ?? "");
        return [searchParams.get("error"), searchParams.get("iss")];
      }),
    );
    expect(queries).toEqual([
      ["invalid_request", RAKOMI_ISSUER],
      [null, RAKOMI_ISSUER],
      ["access_denied", RAKOMI_ISSUER],
    ]);
  });

  it.each(["access_token", "refresh_token"] as const)(
    "revoking the %s ends both tokens, and an unknown one is 200 too",
    async (which) => {
      const visitor = visitorOf("rakomi");
      const tokens = await visitor.tokens();
      const revoke = (token: string) => visitor.ask({ token }, { path: "/oauth/revoke" });
      const read = async () => (await visitor.get("/oauth/userinfo", `Bearer ${tokens.access_token}`)).status;
      expect((await revoke("unknown")).status).toBe(200);
      expect(await read()).toBe(200);
      expect((await revoke(tokens[which])).status).toBe(200);
      expect(await read()).toBe(401);
      expect(await (await visitor.refresh(tokens.refresh_token)).json()).toMatchObject({ error: "invalid_grant" });
    },
  );
});
