import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { checkRate, checkSignInRate, countUses, type RateName, type Use } from "@/lib/http/rate-limit";
import { fail, success } from "@/lib/result";
import { closeDatabase, getDatabase } from "@/lib/stores/database";
import { migrate } from "@/lib/stores/migrate";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { BENCH_TIME, openStoreBench, storageEngines, type StoreBench } from "@/tests/support/database/store-bench";

const MINUTE = 60_000;
const SECRET = "a secret of this site, of 32 bytes";

describe.each(storageEngines)("the rate limit on $name", (engine) => {
  let bench: StoreBench;
  beforeEach(async () => void (bench = await openStoreBench(engine)));
  afterEach(() => bench.close());

  const count = (uses: readonly Use[], now = BENCH_TIME) =>
    countUses(bench.one.database, uses, { secret: SECRET, now });

  async function uses(times: number, changes: { name?: RateName; by?: string; now?: number } = {}) {
    const { now, ...use } = { name: "reads", by: "ada", now: BENCH_TIME, ...changes } as const;
    const within: boolean[] = [];
    for (let time = 0; time < times; time++) within.push(await count([{ ...use, limit: 3 }], now));
    return within;
  }

  const rows = () => bench.one.database.kysely.selectFrom("rates").selectAll().execute();

  it("lets through as many as it says, and no more in that minute", async () => {
    expect(await uses(5)).toEqual([true, true, true, false, false]);
    expect(await uses(1, { now: BENCH_TIME + MINUTE - 1 })).toEqual([false]);
  });

  it("begins anew with the next minute", async () => {
    await uses(5);
    expect(await uses(4, { now: BENCH_TIME + MINUTE })).toEqual([true, true, true, false]);
  });

  it("counts every user and every kind of use alone", async () => {
    await uses(4);
    expect(await uses(1, { by: "eve" })).toEqual([true]);
    expect(await uses(1, { name: "permits" })).toEqual([true]);
    expect(await uses(1)).toEqual([false]);
  });

  it("counts what two instances do at once together", async () => {
    const { one, other } = bench;
    const use = { name: "reads", by: "ada", limit: 20 } as const;
    const instances = Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).database);
    const within = await Promise.all(
      instances.map((database) => countUses(database, [use], { secret: SECRET, now: BENCH_TIME })),
    );
    expect(within.filter(Boolean)).toHaveLength(20);
  });

  const nested = (user: string, network = "192.0.2.1"): Use[] => [
    { name: "connect", by: user, limit: 2 },
    { name: "connectsByAddress", by: network, limit: 5 },
  ];

  it("counts a user and an address together: many new users of one address are stopped", async () => {
    const within: boolean[] = [];
    for (let index = 0; index < 7; index++) within.push(await count(nested(`user ${index}`)));
    expect(within).toEqual([true, true, true, true, true, false, false]);
    expect(await count(nested("user 9", "192.0.2.2"))).toBe(true);
  });

  it("does not count for the address what was refused to one user, so that one user cannot stop a whole office", async () => {
    for (let index = 0; index < 20; index++) await count(nested("ada"));
    expect(await count(nested("eve"))).toBe(true);
  });

  it("counts for users, addresses and networks at once without waiting in a circle", async () => {
    const { one, other } = bench;
    const calls = Array.from({ length: 60 }, (_, index) => {
      const uses = nested(`user ${index % 3}`).map((use) => ({ ...use, limit: 1_000 }));
      return countUses((index % 2 ? one : other).database, uses, { secret: SECRET, now: BENCH_TIME });
    });
    expect((await Promise.all(calls)).every(Boolean)).toBe(true);
    expect((await rows()).map((row) => row.count).sort((a, b) => a - b)).toEqual([20, 20, 20, 60]);
  });

  it("forgets old counts, and stores nobody under a name or a hash that anybody can compute", async () => {
    await uses(1, { by: "ada" });
    await uses(1, { by: "192.0.2.7", now: BENCH_TIME + 2 * MINUTE });
    const [row, ...others] = await rows();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ count: 1, window_start: BENCH_TIME + 2 * MINUTE });
    expect(row?.key).not.toContain("192.0.2.7");
    // All IPv4 addresses are tried within minutes.
    for (const encoding of ["hex", "base64", "base64url"] as const)
      expect(row?.key).not.toBe(createHash("sha256").update("reads|192.0.2.7").digest(encoding));
    await countUses(bench.one.database, [{ name: "reads", by: "192.0.2.7", limit: 3 }], {
      secret: "another secret of 32 characters!",
      now: BENCH_TIME + 2 * MINUTE,
    });
    expect(await rows(), "another secret makes other keys").toHaveLength(2);
  });
});

/** The settings of a site with limits that a few calls reach. A process reads its settings once. */
function stubSite(): void {
  const common = appEnvironment({ databaseUrl: "file::memory:", sandboxPort: 4010 });
  const environment = { ...common, APP_URL: "", RATE_SIGN_IN_PER_MINUTE: "1", RATE_READS_PER_MINUTE: "2" };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

it("a visitor who was refused is refused from memory for the rest of the minute: a flood does not reach the database", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: BENCH_TIME });
  onTestFinished(() => void vi.useRealTimers());
  stubSite();
  await migrate((await getDatabase()).kysely);
  const signIn = (address = "192.0.2.1") => checkSignInRate(new Headers({ "X-Forwarded-For": address }));
  expect(await signIn()).toEqual(success(undefined));
  vi.setSystemTime(BENCH_TIME + 12_500);
  expect(await signIn()).toEqual(fail("login/too_many", { retryAfter: 48 }));
  await closeDatabase();
  vi.setSystemTime(BENCH_TIME + MINUTE - 1);
  expect(await signIn()).toEqual(fail("login/too_many", { retryAfter: 1 }));
  await expect(signIn("192.0.2.2"), "others are still counted").rejects.toThrow();
  vi.setSystemTime(BENCH_TIME + MINUTE);
  await expect(signIn(), "in the next minute too").rejects.toThrow();
});

it("a read that the database cannot count is counted in this process: an outage is no way round the limit", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: BENCH_TIME + 10 * MINUTE });
  onTestFinished(() => void vi.useRealTimers());
  stubSite();
  await getDatabase();
  await closeDatabase();
  const limited = fail("api/rate_limited", { retryAfter: 60 });
  const read = (user: string) => checkRate("reads", user);
  expect([await read("ada"), await read("ada"), await read("ada")]).toEqual([
    success(undefined),
    success(undefined),
    limited,
  ]);
  expect(await read("eve"), "others are counted by themselves").toEqual(success(undefined));
  await expect(checkRate("permits", "ada"), "what costs something is not let through").rejects.toThrow();
  vi.setSystemTime(BENCH_TIME + 11 * MINUTE);
  expect(await read("ada"), "each minute begins anew").toEqual(success(undefined));
});
