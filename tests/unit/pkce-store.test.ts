import { beforeAll, expect, test, vi } from "vitest";
import { OAUTH_REQUEST_LIFETIME_MS, setPKCEVerifier, takePKCEVerifier } from "@/lib/pkce-store";
import { getDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { getSession } from "@/lib/session";
import { SqlSessionStore } from "@/lib/stores/sql-session-store";
import { getTokenStore } from "@/lib/token-store";
import {
  disconnectSonar,
  getSessionStatus,
  getSonarAuthorizationUrl,
  handleSonarCallback,
} from "@/tests/from-the-guide/actions/auth";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { answerJson, startLocalServer } from "@/tests/support/local-server";

vi.mock("@/lib/session", () => ({ getSession: vi.fn() }));

const TOKENS = { access_token: "a", refresh_token: "r", token_type: "Bearer", expires_in: 3_600 };

beforeAll(async () => {
  const echo = await startLocalServer((_request, response) => answerJson(response, 200, TOKENS));
  const port = Number(new URL(echo.origin).port);
  const environment = appEnvironment({ databaseUrl: "file::memory:", sandboxPort: port });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const database = await getDatabase();
  await migrate(database.kysely);
  await new SqlSessionStore(database).create("session", "ada");
  return async () => {
    await database.kysely.destroy();
    await echo.close();
  };
});

test("under the guide's names, a verifier comes back once, and only to the user who began", async () => {
  await setPKCEVerifier("state", "ada", "verifier");
  expect(await takePKCEVerifier("state", "eve")).toBeNull();
  expect(await takePKCEVerifier("state", "ada")).toEqual({ userId: "ada", codeVerifier: "verifier" });
  expect(await takePKCEVerifier("state", "ada")).toBeNull();
});

test("under the guide's names, a verifier lives for ten minutes", async () => {
  await setPKCEVerifier("late", "ada", "verifier");
  const later = Date.now() + OAUTH_REQUEST_LIFETIME_MS;
  vi.spyOn(Date, "now").mockReturnValue(later);
  expect(await takePKCEVerifier("late", "ada")).toBeNull();
});

test("actions in the guide's shape connect and disconnect an account over the two stores", async () => {
  vi.mocked(getSession).mockResolvedValue({ userId: "ada", idHash: "session", viewKey: "view" });
  const { url = "", state = "" } = await getSonarAuthorizationUrl();
  expect(new URL(url).searchParams.get("state")).toBe(state);
  expect(await handleSonarCallback("code", "another state")).toEqual({ error: "Invalid state" });
  expect(await getSessionStatus()).toEqual({ authenticated: true, sonarConnected: false });

  expect(await handleSonarCallback("code", state)).toEqual({ success: true });
  expect(await getSessionStatus()).toEqual({ authenticated: true, sonarConnected: true });
  expect(await (await getTokenStore()).getTokens("ada")).toMatchObject({ accessToken: "a", refreshToken: "r" });
  expect(await handleSonarCallback("code", state)).toEqual({ error: "Invalid state" });

  expect(await disconnectSonar()).toEqual({ success: true });
  expect(await getSessionStatus()).toEqual({ authenticated: true, sonarConnected: false });
  vi.mocked(getSession).mockResolvedValue(null);
  expect(await getSonarAuthorizationUrl()).toEqual({ error: "Unauthorized" });
});
