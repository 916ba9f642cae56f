import { describe, expect, it } from "vitest";
import { countUse, type RateName } from "@/lib/rate-limit";
import { BENCH_TIME, type StoreBench } from "@/tests/support/store-bench";

const MINUTE = 60_000;

/** What the rate counter promises. */
export function rateContract(bench: () => StoreBench): void {
  async function uses(times: number, changes: { name?: RateName; userId?: string; now?: number } = {}) {
    const use = { name: "reads", userId: "ada", limit: 3, now: BENCH_TIME, ...changes } as const;
    const within: boolean[] = [];
    for (let time = 0; time < times; time++) within.push(await countUse(bench().one.database, use));
    return within;
  }

  describe("the rate limit", () => {
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
      expect(await uses(1, { userId: "eve" })).toEqual([true]);
      expect(await uses(1, { name: "permits" })).toEqual([true]);
      expect(await uses(1)).toEqual([false]);
    });

    it("counts what two instances do at once together", async () => {
      const { one, other } = bench();
      const use = { name: "reads", userId: "ada", limit: 20, now: BENCH_TIME } as const;
      const instances = Array.from({ length: 50 }, (_, index) => (index % 2 ? one : other).database);
      const within = await Promise.all(instances.map((database) => countUse(database, use)));
      expect(within.filter(Boolean)).toHaveLength(20);
    });

    it("forgets old counts, and never names a user", async () => {
      const { kysely } = bench().one.database;
      await uses(1, { userId: "ada" });
      await uses(1, { userId: "eve", now: BENCH_TIME + 2 * MINUTE });
      const rows = await kysely.selectFrom("rates").selectAll().execute();
      expect(rows).toMatchObject([{ count: 1, window_start: BENCH_TIME + 2 * MINUTE }]);
      expect(JSON.stringify(rows)).not.toContain("eve");
    });
  });
}
