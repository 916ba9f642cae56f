import { expect, it, test, vi } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { liveEnvironment, sandboxHere } from "@/tests/support/live-environment";

// A fork may have dropped every provider of the project.
vi.mock("@/lib/providers/index", () => import("@/tests/support/oauth/fixture-providers"));

function problemsOf(changes: Record<string, string>): string[] {
  const check = checkEnv({ ...liveEnvironment, ...changes });
  return check.ok ? [] : check.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

const login = { LOGIN_CLIENT_ID: "a-site", LOGIN_CLIENT_SECRET: "a-secret" };
const walletConnect = { WALLETCONNECT_PROJECT_ID: "0123456789abcdef0123456789abcdef" };

it.each<[string, string, string, Record<string, string>?]>([
  ["SONAR_API_URL", "http://127.0.0.1:4010", "https://api.echo.xyz"],
  ["SONAR_FRONTEND_URL", "http://localhost:4010", "https://app.echo.xyz"],
  ["LOGIN_ISSUER", "http://localhost:4010/", "https://id.example.com/", login],
  ["PUBLIC_RPC_URLS", "https://node.example.com, http://[::1]:8545", "https://node.example.com"],
  ["WALLETCONNECT_RELAY_URL", "ws://127.0.0.1:4020", "wss://relay.example.com", walletConnect],
  ["EXPLORER_URL", "http://localhost:4030", "https://explorer.example.com"],
  ["SUPPORT_URL", "http://localhost:4040", "mailto:help@example.com"],
])("on a live site, %s may not lead to this machine: %s", (variable, local, away, others = {}) => {
  expect(problemsOf({ ...others, [variable]: local })).toEqual([
    expect.stringContaining(`${variable} leads to this machine`),
  ]);
  expect(problemsOf({ ...others, [variable]: away })).toEqual([]);
  expect(problemsOf({ ...others, [variable]: local, APP_URL: "http://localhost:3000" }), "a trial here").toEqual([]);
  expect(problemsOf({ ...others, [variable]: local, NODE_ENV: "development" }), "a developer's tunnel").toEqual([]);
});

test("a node of its own on the server's machine is nobody else's business", () => {
  expect(problemsOf({ RPC_URLS: "http://127.0.0.1:8545" })).toEqual([]);
});

test("demo users and a Sonar on this machine are both refused where others can reach the site", () => {
  const problems = problemsOf({ DEMO_SIGN_IN: "1", SONAR_API_URL: "http://127.0.0.1:4010" });
  expect(problems).toEqual([expect.stringContaining("SONAR_API_URL leads to this machine")]);
});

test("one secret may not have two purposes", () => {
  const { TOKEN_ENCRYPTION_KEY } = liveEnvironment;
  const first = `${liveEnvironment.SESSION_SECRET},${TOKEN_ENCRYPTION_KEY}`;
  for (const SESSION_SECRET of [TOKEN_ENCRYPTION_KEY, first]) {
    expect(problemsOf({ SESSION_SECRET })).toEqual([
      expect.stringContaining("SESSION_SECRET must not be TOKEN_ENCRYPTION_KEY"),
    ]);
  }
});

it.each([
  ["NODE_TLS_REJECT_UNAUTHORIZED", "0", "1"],
  ["NODE_OPTIONS", "--max-old-space-size=512 --insecure-http-parser", "--max-old-space-size=512"],
  ["NODE_OPTIONS", "--insecure_http_parser", "--max-http-header-size=16384"],
  ["DEBUG", "*", "pg"],
  ["DEBUG", "app:*,next:router-server:main", "app:*,-next-intl"],
  ["DEBUG", "app ne*", "nest"],
])("%s=%s takes protection from a server in production", (variable, bad, good) => {
  expect(problemsOf({ [variable]: bad })).toEqual([expect.stringContaining(`${variable} must not`)]);
  expect(problemsOf({ [variable]: bad, ...sandboxHere }), "also in a trial of the build").toHaveLength(1);
  expect(problemsOf({ [variable]: good })).toEqual([]);
  expect(problemsOf({ [variable]: bad, NODE_ENV: "development" })).toEqual([]);
});
