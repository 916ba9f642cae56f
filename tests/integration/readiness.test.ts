import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { isReady } from "@/lib/http/readiness";
import { getDatabase } from "@/lib/stores/database";
import * as migrations from "@/lib/stores/migrate";
import { appEnvironment } from "@/tests/support/app/app-environment";

const NOW = 1_800_000_000_000;

beforeAll(async () => {
  const environment = { ...appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 }), APP_URL: "" };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  await migrations.migrate((await getDatabase()).kysely);
});

afterAll(async () => (await getDatabase()).kysely.destroy());

it("readiness is checked once for all who ask at the same time, and not again for three seconds", async () => {
  const looked = vi.spyOn(migrations, "isMigrated");
  const at = (ms: number) => isReady(() => NOW + ms);
  expect(await Promise.all([at(0), at(0), at(0)])).toEqual([true, true, true]);
  expect(await at(2_999)).toBe(true);
  expect(looked).toHaveBeenCalledTimes(1);
  looked.mockRejectedValueOnce(new Error("gone"));
  expect(await at(3_000)).toBe(false);
  expect(await at(3_000)).toBe(true);
  expect(looked).toHaveBeenCalledTimes(3);
});
