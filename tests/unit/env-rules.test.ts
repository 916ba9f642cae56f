import { describe, expect, it, test, vi } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

// A fork may have dropped every provider of the project.
vi.mock("@/lib/providers/index", () => import("@/tests/support/oauth/fixture-providers"));

function problemsOf(changes: Record<string, string>): string[] {
  const check = checkEnv({ ...liveEnvironment, ...changes });
  return check.ok ? [] : check.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

test("a redirect URI that the app would not answer is refused", () => {
  expect(problemsOf({ SONAR_REDIRECT_URI: "https://sale.example.com/callback" })).toEqual([
    expect.stringContaining("must lead to /oauth/callback"),
  ]);
  expect(problemsOf({ SONAR_REDIRECT_URI: "https://sale.example.com/oauth/callback/sonar" })).toEqual([]);
});

test.each(["plain", "split"])("Sonar cannot have the redirect URI of %s", (id) => {
  const problems = problemsOf({ SONAR_REDIRECT_URI: `https://sale.example.com/oauth/callback/${id}` });
  expect(problems).toEqual([expect.stringContaining("is another provider's")]);
});

test("a sale cannot close before it opens", () => {
  const [opens, closes] = ["2026-12-01T12:00:00Z", "2026-12-02T12:00:00Z"];
  expect(problemsOf({ SALE_OPENS_AT: opens, SALE_CLOSES_AT: closes })).toEqual([]);
  expect(problemsOf({ SALE_OPENS_AT: closes, SALE_CLOSES_AT: opens })).toHaveLength(1);
});

it("a server may not be ended before balancers have noticed that it is not ready", () => {
  expect(problemsOf({ SHUTDOWN_DRAIN_MS: "10000", SHUTDOWN_MS: "20000" })).toEqual([]);
  expect(problemsOf({ SHUTDOWN_DRAIN_MS: "10000", SHUTDOWN_MS: "10000" })).toHaveLength(1);
  expect(problemsOf({ SHUTDOWN_DRAIN_MS: "30000" }), "longer than the default limit").toHaveLength(1);
});

test.each(["1", "2026-12-01", "2026-12-01T12:00:00", "tomorrow"])("%s is not an unambiguous time", (text) => {
  expect(problemsOf({ SALE_OPENS_AT: text })).toEqual([expect.stringContaining("SALE_OPENS_AT must be a time")]);
});

test("a key of zeros is a placeholder", () => {
  const zeros = Buffer.alloc(32).toString("base64");
  expect(problemsOf({ TOKEN_ENCRYPTION_KEY: zeros })).toHaveLength(1);
});

test("in development, a server on another port than APP_URL's is a problem: the redirect from Sonar would fail", () => {
  const development = { NODE_ENV: "development", APP_URL: "http://localhost:3000" };
  expect(problemsOf({ ...development, PORT: "3001" })).toEqual([expect.stringContaining("APP_URL names another port")]);
  expect(problemsOf({ ...development, PORT: "3000" })).toEqual([]);
  expect(problemsOf({ PORT: "3001" }), "a proxy stands before a production server").toEqual([]);
});

test("a database in the memory of a process is refused in production only", () => {
  const memory = { DATABASE_URL: "file::memory:" };
  expect(problemsOf(memory)).toEqual([expect.stringContaining("DATABASE_URL must not be file::memory:")]);
  expect(problemsOf({ ...memory, NODE_ENV: "development" })).toEqual([]);
  expect(problemsOf({ DATABASE_URL: "file:memory" })).toEqual([]);
});

describe("the sandbox in production", () => {
  it.each([
    "https://sale.example.com",
    "https://sandbox.sale.example.com:8443",
    "https://192.168.1.9",
    "https://localhost.example.com",
  ])("is refused at %s: people could take it for a real sale", (APP_URL) => {
    expect(problemsOf({ SANDBOX: "1", APP_URL })).toEqual([expect.stringContaining("SANDBOX must not be 1 on a site")]);
    expect(problemsOf({ SANDBOX: "1", SANDBOX_HOSTS: "sandbox", APP_URL })).toHaveLength(1);
    expect(problemsOf({ SANDBOX: "1", SANDBOX_DEMO: "1", APP_URL }), "a public demo is meant to be seen").toEqual([]);
    expect(problemsOf({ SANDBOX: "1", APP_URL, NODE_ENV: "development" }), "a developer's tunnel").toEqual([]);
  });

  it.each(["", "http://localhost:3000", "http://127.0.0.1:3000", "https://localhost:8443"])(
    "is for trying the build on one's own machine: APP_URL=%s",
    (APP_URL) => {
      expect(problemsOf({ SANDBOX: "1", APP_URL })).toEqual([]);
    },
  );
});

describe("a public demo", () => {
  const demo = { SANDBOX: "1", SANDBOX_DEMO: "1", SONAR_CLIENT_UUID: "", SONAR_SALE_UUID: "" };

  it("has its pages, its chain and its faucet on this site, and runs no stand-ins for the further providers", () => {
    const check = checkEnv({ ...liveEnvironment, ...demo });
    const url = "https://sale.example.com/sandbox";
    expect(check.ok && check.env).toMatchObject({
      sandbox: { origin: "https://sale.example.com", demo: { url, resetMinutes: 60 } },
      sonar: { apiUrl: "http://127.0.0.1:4010", frontendUrl: url },
      chain: { facts: { rpcUrls: [`${url}/rpc`], faucetUrl: `${url}/wallets` }, rpcUrls: ["http://127.0.0.1:4011"] },
    });
    const providers = check.ok ? [...check.env.providers.values()] : [];
    expect(providers.filter(({ missing }) => missing.length === 0)).toEqual([]);
  });

  it("needs the sandbox, an address, a node of its own, and resets that no permit outlives", () => {
    expect(problemsOf({ SANDBOX_DEMO: "1" })).toEqual([expect.stringContaining("SANDBOX_DEMO needs SANDBOX=1")]);
    expect(problemsOf({ ...demo, APP_URL: "" })).toEqual([expect.stringContaining("APP_URL is missing")]);
    expect(problemsOf({ ...demo, RPC_URLS: "http://127.0.0.1:8545" })).toEqual([
      expect.stringContaining("SANDBOX_DEMO needs RPC_URLS"),
    ]);
    expect(problemsOf({ ...demo, SANDBOX_RESET_MINUTES: "10" })).toEqual([
      expect.stringContaining("SANDBOX_RESET_MINUTES must be a whole number from 15"),
    ]);
  });
});

test("an identity provider needs all three variables, or none", () => {
  const all = { LOGIN_ISSUER: "https://id.example.com/", LOGIN_CLIENT_ID: "a-site", LOGIN_CLIENT_SECRET: "a-secret" };
  expect(problemsOf(all)).toEqual([]);
  for (const name of Object.keys(all)) {
    expect(problemsOf({ ...all, [name]: "" })).toEqual([expect.stringContaining(`${name} is missing`)]);
  }
});

test("everybody becomes a demo user only in the sandbox or against a Sonar on this machine", () => {
  const here = { APP_URL: "http://localhost:3000" };
  expect(problemsOf({ DEMO_SIGN_IN: "1" })).toEqual([expect.stringContaining("DEMO_SIGN_IN is only for the sandbox")]);
  expect(problemsOf({ DEMO_SIGN_IN: "1", SONAR_API_URL: "https://api.echo.xyz" })).toHaveLength(1);
  expect(problemsOf({ ...here, DEMO_SIGN_IN: "1", SONAR_API_URL: "http://127.0.0.1:4010" })).toEqual([]);
  expect(problemsOf({ ...sandboxHere, DEMO_SIGN_IN: "1" })).toEqual([]);
  expect(problemsOf({ DEMO_SIGN_IN: "0" })).toEqual([]);
});
