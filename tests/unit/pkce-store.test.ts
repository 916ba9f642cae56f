import { beforeAll, expect, test, vi } from "vitest";
import { OAUTH_REQUEST_LIFETIME_MS, setPKCEVerifier, takePKCEVerifier } from "@/lib/pkce-store";
import { getDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { appEnvironment } from "@/tests/support/app/app-environment";

beforeAll(async () => {
  const environment = appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 });
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const { kysely } = await getDatabase();
  await migrate(kysely);
  return () => kysely.destroy();
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
