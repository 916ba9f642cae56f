import { beforeEach, describe, expect, it, vi } from "vitest";
import { DatabaseWatch, type DatabaseState } from "@/lib/http/database-watch";
import { deferred } from "@/tests/support/deferred";

const GOOD: DatabaseState = { readable: true, ready: true };
const READ_ONLY: DatabaseState = { readable: true, ready: false };
const DOWN: DatabaseState = { readable: false, ready: false };

/** The database: an answer, or a silence that the test ends. */
let answer: DatabaseState | "silent";
let silent: { resolve: (state: DatabaseState) => void }[];
let probes: number[];

beforeEach(() => {
  vi.useFakeTimers();
  answer = GOOD;
  silent = [];
  probes = [];
  return () => vi.useRealTimers();
});

function probe(): Promise<DatabaseState> {
  probes.push(performance.now());
  if (answer !== "silent") return Promise.resolve(answer);
  const hanging = deferred<DatabaseState>();
  silent.push(hanging);
  return hanging.promise;
}

function watch({
  serverless = false,
  onChange = () => undefined,
}: { serverless?: boolean; onChange?: (ready: boolean) => void } = {}): DatabaseWatch {
  return new DatabaseWatch(probe, {
    now: () => performance.now(),
    onChange,
    trustedMs: serverless ? 30_000 : 1_100,
    ...(!serverless && { later: (run, ms) => void setTimeout(run, ms) }),
  });
}

/** The watch of a database that takes three seconds for each answer. */
function slowWatch(): DatabaseWatch {
  return new DatabaseWatch(() => new Promise((resolve) => setTimeout(() => resolve(GOOD), 3_000)), {
    now: () => performance.now(),
    trustedMs: 1_100,
    later: (run, ms) => void setTimeout(run, ms),
  });
}

/** The value of a promise, and the milliseconds that it took. */
async function timed<T>(promise: Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now();
  let result: [T, number] | undefined;
  void promise.then((value) => (result = [value, performance.now() - startedAt]));
  while (!result) await vi.advanceTimersByTimeAsync(1);
  return result;
}

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("readiness", () => {
  it("costs one probe a second, however many ask", async () => {
    const database = watch();
    expect(await Promise.all([database.ready(), database.ready(), database.ready()])).toEqual([true, true, true]);
    for (let asked = 0; asked < 500; asked += 1) {
      await passes(10);
      expect(await timed(database.ready())).toEqual([true, 0]);
    }
    expect(probes.length).toBeLessThanOrEqual(6);
    const gaps = probes.slice(1).map((at, index) => at - (probes[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
  });

  it.each([
    ["fails", DOWN],
    ["cannot be written", READ_ONLY],
    ["is silent", "silent"],
  ] as const)(
    "ends within two seconds after the database %s, and returns within two after that has ended",
    async (_, fault) => {
      // At every moment between two probes.
      for (const moment of [1, 300, 700, 999, 1_004]) {
        const database = watch();
        await timed(database.ready());
        await passes(5_000 + moment);
        answer = fault;
        const failedAt = performance.now();
        while ((await timed(database.ready()))[0]) await passes(10);
        expect(performance.now() - failedAt).toBeLessThanOrEqual(2_000);
        await passes(7_300 + moment);
        expect((await timed(database.ready()))[0]).toBe(false);
        answer = GOOD;
        const mendedAt = performance.now();
        for (const { resolve } of silent.splice(0)) resolve(GOOD);
        while (!(await timed(database.ready()))[0]) await passes(10);
        expect(performance.now() - mendedAt).toBeLessThanOrEqual(2_000);
      }
    },
  );

  it("is not known at first, and a connection then has a moment longer", async () => {
    answer = "silent";
    expect(await timed(watch().ready())).toEqual([false, 1_500]);
  });

  it("lets at most two probes hang", async () => {
    answer = "silent";
    const database = watch();
    for (let asked = 0; asked < 10; asked += 1) {
      await timed(database.ready());
      await passes(1_000);
    }
    expect(probes).toHaveLength(2);
  });

  it("asks nothing any more a minute after the last question", async () => {
    const database = watch();
    await timed(database.ready());
    await passes(120_000);
    const asked = probes.length;
    expect(asked).toBeLessThanOrEqual(62);
    await passes(600_000);
    expect(probes).toHaveLength(asked);
  });
});

describe("an outage that a statement has met", () => {
  it("counts at once, though probes see nothing of it, and for as long as it is said to last", async () => {
    const told: boolean[] = [];
    const database = watch({ onChange: (ready) => told.push(ready) });
    await timed(database.ready());
    await passes(2_500);
    database.outageMet(10_000);
    for (let asked = 0; asked < 9; asked += 1) {
      expect((await timed(database.ready()))[0]).toBe(false);
      expect((await timed(database.canRead()))[0]).toBe(true);
      expect((await timed(database.canStore()))[0]).toBe(false);
      await passes(1_000);
    }
    await passes(3_000);
    expect((await timed(database.ready()))[0]).toBe(true);
    expect((await timed(database.canStore()))[0]).toBe(true);
    expect(told).toEqual([false, true]);
  });

  it("outlives a probe that began before it", async () => {
    const database = watch();
    answer = "silent";
    const asked = database.ready();
    await passes(100);
    database.outageMet();
    for (const { resolve } of silent.splice(0)) resolve(GOOD);
    expect(await asked).toBe(false);
  });

  it("ends with the next interval where probes would see it themselves, and its end is told although nobody asks", async () => {
    const told: boolean[] = [];
    const database = watch({ onChange: (ready) => told.push(ready) });
    await timed(database.ready());
    await passes(200_000);
    database.outageMet();
    expect(told).toEqual([false]);
    await passes(3_000);
    expect(told).toEqual([false, true]);
  });
});

describe("a connection that has failed", () => {
  it("is followed by a probe at once, which finds that nothing else is wrong", async () => {
    const told: boolean[] = [];
    const database = watch({ onChange: (ready) => told.push(ready) });
    await timed(database.ready());
    await passes(300);
    database.connectionFailed();
    expect(probes).toHaveLength(2);
    expect(await timed(database.ready())).toEqual([true, 0]);
    expect(await timed(database.canRead())).toEqual([true, 0]);
    expect(told).toEqual([]);
  });

  it("shows at once that the database is gone, which is then asked no more often than before", async () => {
    const told: boolean[] = [];
    const database = watch({ onChange: (ready) => told.push(ready) });
    await timed(database.ready());
    await passes(300);
    answer = DOWN;
    for (let failed = 0; failed < 9; failed += 1) {
      database.connectionFailed();
      await passes(100);
      expect(await timed(database.canRead())).toEqual([false, 0]);
    }
    expect(probes).toHaveLength(2);
    expect(told).toEqual([false]);
  });

  it("does not make a read-only database one that stores", async () => {
    answer = READ_ONLY;
    const database = watch();
    await timed(database.ready());
    answer = "silent";
    database.connectionFailed();
    expect(await timed(database.canStore())).toEqual([false, 0]);
  });

  it("begins no probe on a serverless host, where the next question does", async () => {
    const database = watch({ serverless: true });
    await timed(database.ready());
    database.connectionFailed();
    expect(probes).toHaveLength(1);
    answer = DOWN;
    expect((await timed(database.ready()))[0]).toBe(false);
  });
});

describe("what begins only if its end can be stored", () => {
  it("waits while nothing can be written, and neither for a slow database nor for an unknown one", async () => {
    answer = READ_ONLY;
    expect((await timed(watch().canStore()))[0]).toBe(false);
    answer = GOOD;
    expect((await timed(watch().canStore()))[0]).toBe(true);
    const slow = slowWatch();
    await timed(slow.canRead());
    await passes(10_000);
    expect((await timed(slow.canStore()))[0]).toBe(true);
  });
});

describe("a page", () => {
  it("waits once, and never while the database answers", async () => {
    const database = watch();
    await timed(database.canRead());
    for (let asked = 0; asked < 300; asked += 1) {
      await passes(33);
      expect(await timed(database.canRead())).toEqual([true, 0]);
    }
  });

  it("can be shown while nothing can be written", async () => {
    answer = READ_ONLY;
    expect(await timed(watch().canRead())).toEqual([true, 0]);
  });

  it("is refused at once while the database refuses, and again once it does not", async () => {
    const database = watch();
    answer = DOWN;
    expect(await timed(database.canRead())).toEqual([false, 0]);
    await passes(500);
    expect(await timed(database.canRead())).toEqual([false, 0]);
    answer = GOOD;
    await passes(1_100);
    expect(await timed(database.canRead())).toEqual([true, 0]);
  });

  it("waits for a database that has just fallen silent, four seconds at most, and then for none", async () => {
    const database = watch();
    await timed(database.canRead());
    answer = "silent";
    await passes(1_200);
    const [shown, waited] = await timed(database.canRead());
    expect(shown).toBe(false);
    expect(waited).toBeLessThanOrEqual(4_000);
    await passes(3_000);
    expect(await timed(database.canRead())).toEqual([false, 0]);
    for (const { resolve } of silent.splice(0)) resolve(GOOD);
    answer = GOOD;
    await passes(10);
    expect((await timed(database.canRead()))[0]).toBe(true);
  });

  it("is shown while the database is slow: three seconds for each answer", async () => {
    const slow = slowWatch();
    await timed(slow.canRead());
    await passes(10_000);
    for (let asked = 0; asked < 20; asked += 1) {
      expect((await timed(slow.canRead()))[0]).toBe(true);
      await passes(730);
    }
  });

  it("on a serverless host needs no timer, and hands on what is still being asked", async () => {
    const database = watch({ serverless: true });
    await timed(database.canRead());
    expect(vi.getTimerCount()).toBe(0);
    await passes(20_000);
    const kept: Promise<unknown>[] = [];
    answer = DOWN;
    expect(await timed(database.canRead((work) => kept.push(work)))).toEqual([true, 0]);
    expect(kept).toHaveLength(1);
    await Promise.all(kept);
    expect(await timed(database.canRead())).toEqual([false, 0]);
  });
});
