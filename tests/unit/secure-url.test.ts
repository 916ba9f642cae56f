import { afterEach, describe, expect, it } from "vitest";
import { isSafeEndpoint } from "@/lib/http/secure-url";
import { fail } from "@/lib/result";
import { answerJson, startLocalServer, type LocalServer } from "@/tests/support/local-server";
import { adapterOf, plainSpec, REDIRECT_URI, tokens } from "@/tests/support/oauth/standard-bench";
import { deadlineIn } from "@/lib/http/deadline";

const PUBLIC = ["https://issuer.example.com", "https://api.example.com"];

describe("an endpoint that a public issuer's document names", () => {
  it.each(["https://issuer.example.com/token", "https://elsewhere.example.net:8443/token", "https://8.8.8.8/token"])(
    "may be %s",
    (url) => {
      expect(isSafeEndpoint(url, PUBLIC)).toBe(true);
    },
  );

  it.each([
    "http://issuer.example.com/token",
    "http://127.0.0.1:4010/token",
    "http://localhost:4010/token",
    "http://[::1]:4010/token",
    "https://127.0.0.1/token",
    "https://127.9.9.9/token",
    "https://2130706433/token",
    "https://0x7f.1/token",
    "https://0177.0.0.1/token",
    "https://0.0.0.0/token",
    "https://localhost/token",
    "https://localhost./token",
    "https://localhost../token",
    "https://LOCALHOST%2e/token",
    "https://db.localhost./token",
    "https://127.0.0.1./token",
    "https://127.0.0.1../token",
    "https://10.1.2.3../token",
    "https://db.localhost/token",
    "https://[::1]/token",
    "https://[::]/token",
    "https://[::ffff:127.0.0.1]/token",
    "https://[::ffff:8.8.8.8]/token",
    "https://[::127.0.0.1]/token",
    "https://[64:ff9b::7f00:1]/token",
    "https://[64:ff9b:1::7f00:1]/token",
    "https://[2002:7f00:1::]/token",
    "https://[fec0::1]/token",
    "https://[ff02::1]/token",
    "https://224.0.0.1/token",
    "https://10.1.2.3/token",
    "https://172.16.0.1/token",
    "https://172.31.255.255/token",
    "https://192.168.1.1/token",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/token",
    "https://192.0.0.1/token",
    "https://198.18.0.1/token",
    "https://255.255.255.255/token",
    "https://[fd00::1]/token",
    "https://[fe80::1]/token",
    "https://user@issuer.example.com/token",
    "https://user:password@issuer.example.com/token",
    "https://issuer.example.com@evil.example/token",
    "ftp://issuer.example.com/token",
    "javascript:alert(1)",
    "token",
    "",
  ])("may not be %j", (url) => {
    expect(isSafeEndpoint(url, PUBLIC)).toBe(false);
  });
});

describe("an endpoint in the operator's own network", () => {
  it.each([
    ["http://127.0.0.1:5000/token", "http://127.0.0.1:4000"],
    ["http://localhost:5000/token", "http://127.0.0.1:4000"],
    ["https://10.1.2.3:8443/token", "https://10.1.2.3"],
    ["https://[fd00::1]/token", "https://[fd00::1]:8443/realm"],
  ])("may be %s where the settings name %s", (url, own) => {
    expect(isSafeEndpoint(url, ["https://issuer.example.com", own])).toBe(true);
  });

  it.each([
    ["https://10.1.2.4/token", "https://10.1.2.3"],
    ["https://127.0.0.1/token", "https://10.1.2.3"],
    ["http://10.1.2.3/token", "https://10.1.2.3"],
    ["https://10.1.2.3/token", "http://127.0.0.1:4000"],
  ])("may not be %s where the settings name %s", (url, own) => {
    expect(isSafeEndpoint(url, ["https://issuer.example.com", own])).toBe(false);
  });
});

describe("a discovery document of a public issuer", () => {
  let server: LocalServer | undefined;
  afterEach(() => server?.close());

  /** Documents are kept by issuer: each test has one of its own. */
  function bench(name: string, changes: object, authorizeOrigins: string[] = []) {
    const issuer = `https://issuer.example.com/${name}`;
    const document = {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      revocation_endpoint: `${issuer}/revoke`,
      ...changes,
    };
    const { endpoints: _known, ...spec } = plainSpec(issuer);
    const origins = ["https://issuer.example.com", ...authorizeOrigins];
    return { document, adapter: adapterOf({ ...spec, issuer, authorizeOrigins: origins, discoverAt: issuer }) };
  }

  it("is used if it names public addresses", async () => {
    const { document, adapter } = bench("public", {});
    await withDocument(document, async () => {
      expect(await adapter.begin(REDIRECT_URI, deadlineIn(5_000))).toMatchObject({ ok: true });
    });
  });

  it.each(["token_endpoint", "revocation_endpoint", "authorization_endpoint"])(
    "that names a port of this machine as its %s brings it neither the code nor the client's secret",
    async (endpoint) => {
      const inside = (server = await startLocalServer((_request, response) => answerJson(response, 200, tokens())));
      const { document, adapter } = bench(endpoint, { [endpoint]: `${inside.origin}/anything` }, [inside.origin]);
      await withDocument(document, async () => {
        const unusable = fail("oauth/invalid_response");
        expect(await adapter.begin(REDIRECT_URI, deadlineIn(5_000))).toEqual(unusable);
        const callback = new URLSearchParams("code=c&state=s");
        const exchange = { callback, state: "s", codeVerifier: "v".repeat(43), redirectUri: REDIRECT_URI };
        expect(await adapter.exchange(exchange, deadlineIn(5_000))).toEqual(unusable);
        expect(await adapter.refresh("rt-0", deadlineIn(5_000))).toEqual(unusable);
        expect(await adapter.revoke?.({ accessToken: "at", refreshToken: "rt" }, deadlineIn(5_000))).toEqual(unusable);
      });
      expect(inside.requests).toEqual([]);
    },
  );
});

/** Answers what is asked of the issuer's https address, which no test can have; everything else goes out for real. */
async function withDocument(document: object, run: () => Promise<void>): Promise<void> {
  const realFetch = globalThis.fetch;
  globalThis.fetch = (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    return hostname === "issuer.example.com" ? Promise.resolve(Response.json(document)) : realFetch(input, init);
  };
  try {
    await run();
  } finally {
    globalThis.fetch = realFetch;
  }
}
