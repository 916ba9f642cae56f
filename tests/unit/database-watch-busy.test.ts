import { beforeEach, describe, expect, it, vi } from "vitest";
import { DatabaseWatch, type DatabaseState } from "@/lib/http/database-watch";

const GOOD: DatabaseState = { readable: true, ready: true };
const READ_ONLY: DatabaseState = { readable: true, ready: false };
const DOWN: DatabaseState = { readable: false, ready: false };

/** Longer than any test (milliseconds). */
const NEVER = 3_600_000;

/** How long the database's answers take to be heard (milliseconds), and what they are. */
let heardAfter: number;
let answer: DatabaseState;
/** The share of its time in which this process works. */
let load: number;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers();
  [heardAfter, answer, load, told] = [0, GOOD, 0.3, []];
  return () => vi.useRealTimers();
});

function watch(): DatabaseWatch {
  return new DatabaseWatch(() => new Promise((resolve) => setTimeout(() => resolve(answer), heardAfter)), {
    now: () => performance.now(),
    trustedMs: 1_100,
    later: (run, ms) => void setTimeout(run, ms),
    measureLoad: () => () => load,
    onChange: (ready) => told.push(ready ? "ready" : "not ready"),
    onBusy: () => told.push("busy"),
  });
}

const passes = (ms: number) => vi.advanceTimersByTimeAsync(ms);

async function valueOf<T>(promise: Promise<T>): Promise<T> {
  let result: { value: T } | undefined;
  void promise.then((value) => (result = { value }));
  while (!result) await passes(1);
  return result.value;
}

/** The answers of a watch that is asked again and again for so long (milliseconds). */
async function answers(database: DatabaseWatch, ms: number): Promise<{ ready: boolean[]; page: boolean[] }> {
  const found = { ready: new Set<boolean>(), page: new Set<boolean>() };
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; await passes(50)) {
    found.ready.add(await valueOf(database.ready()));
    found.page.add(await valueOf(database.canRead()));
  }
  return { ready: [...found.ready], page: [...found.page] };
}

async function asked(): Promise<DatabaseWatch> {
  const database = watch();
  await valueOf(database.ready());
  await passes(2_000);
  return database;
}

describe("a process with more to do than it can", () => {
  it("stays ready and shows pages, though it hears its database seconds late, and says that it is busy", async () => {
    const database = await asked();
    [load, heardAfter] = [1, 3_000];
    expect(await answers(database, 60_000)).toEqual({ ready: [true], page: [true] });
    expect(new Set(told)).toEqual(new Set(["busy"]));
  });

  it("keeps nobody waiting for an answer that it has no time to hear", async () => {
    const database = await asked();
    [load, heardAfter] = [1, 3_000];
    await passes(5_000);
    const before = performance.now();
    expect(await valueOf(database.canRead())).toBe(true);
    expect(performance.now() - before).toBeLessThanOrEqual(1);
  });

  it("goes by what the database says", async () => {
    for (const [state, page] of [
      [READ_ONLY, true],
      [DOWN, false],
    ] as const) {
      const database = await asked();
      [load, answer] = [1, state];
      await passes(1_100);
      expect(await answers(database, 20_000)).toEqual({ ready: [false], page: [page] });
      answer = GOOD;
    }
  });

  it("takes a database for lost that it has not heard for ten seconds, and returns with it", async () => {
    const database = await asked();
    [load, heardAfter] = [1, NEVER];
    await passes(9_000);
    expect(await valueOf(database.ready())).toBe(true);
    await passes(4_000);
    expect([await valueOf(database.ready()), await valueOf(database.canRead())]).toEqual([false, false]);
  });

  it("does not make its own time limit a word of the database", async () => {
    const database = await asked();
    [load, heardAfter, answer] = [1, 4_500, DOWN];
    expect(await answers(database, 6_000)).toEqual({ ready: [true], page: [true] });
  });
});

describe("an idle process", () => {
  it("is not ready within two seconds after its database has fallen silent", async () => {
    const database = await asked();
    heardAfter = NEVER;
    await passes(2_000);
    expect(await valueOf(database.ready())).toBe(false);
    expect(told).toEqual(["not ready"]);
  });

  it("was busy a moment ago, and counts a silence from then on", async () => {
    const database = await asked();
    [load, heardAfter] = [1, 3_000];
    await answers(database, 10_000);
    [load, heardAfter] = [0.3, NEVER];
    await passes(8_000);
    expect([await valueOf(database.ready()), await valueOf(database.canRead())]).toEqual([false, false]);
  });
});
