import { expect, test } from "vitest";
import { checkEnv } from "@/lib/config/env";
import { encryptionKey } from "@/tests/support/app/app-environment";

const production = {
  NODE_ENV: "production",
  APP_URL: "https://sale.example.com",
  SONAR_CLIENT_UUID: "1b4e28ba-2fa1-41d2-883f-0016d3cca427",
  SONAR_SALE_UUID: "2c5f39cb-30b2-42e3-994a-1127e4ddb538",
  SESSION_SECRET: "s".repeat(32),
  TOKEN_ENCRYPTION_KEY: encryptionKey(),
};

function problemsOf(changes: Record<string, string>): string[] {
  const check = checkEnv({ ...production, ...changes });
  return check.ok ? [] : check.problems.map(({ variable, problem }) => `${variable} ${problem}`);
}

test("a redirect URI that the app would not answer is refused", () => {
  expect(problemsOf({ SONAR_REDIRECT_URI: "https://sale.example.com/callback" })).toEqual([
    expect.stringContaining("must lead to /oauth/callback"),
  ]);
  expect(problemsOf({ SONAR_REDIRECT_URI: "https://sale.example.com/oauth/callback/sonar" })).toEqual([]);
});

test.each(["oncehub", "interact", "rakomi"])("Sonar cannot have the redirect URI of %s", (id) => {
  const problems = problemsOf({ SONAR_REDIRECT_URI: `https://sale.example.com/oauth/callback/${id}` });
  expect(problems).toEqual([expect.stringContaining("is another provider's")]);
});

test("a sale cannot close before it opens", () => {
  const [opens, closes] = ["2026-12-01T12:00:00Z", "2026-12-02T12:00:00Z"];
  expect(problemsOf({ SALE_OPENS_AT: opens, SALE_CLOSES_AT: closes })).toEqual([]);
  expect(problemsOf({ SALE_OPENS_AT: closes, SALE_CLOSES_AT: opens })).toHaveLength(1);
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
