import { describe, expect, it } from "vitest";
import { clockOf } from "@/lib/stores/database-clock";

/** A clock over a database that tells `database.time`, and the two clocks of a process. All in milliseconds. */
function bench(time = 1_000_000) {
  const database = { time, reads: 0, fails: false };
  const local = { monotonic: 50, wall: 9_000_000 };
  const read = () => {
    database.reads++;
    return database.fails ? Promise.reject(new Error("down")) : Promise.resolve(database.time);
  };
  const clock = clockOf(read, { monotonic: () => local.monotonic, wall: () => local.wall });
  const pass = (ms: number) => {
    database.time += ms;
    local.monotonic += ms;
    local.wall += ms;
  };
  return { database, local, clock, pass };
}

describe("the database's clock", () => {
  it("tells the database's time, and goes on by itself", async () => {
    const { clock, pass, database } = bench();
    await clock.settle();
    pass(1_234);
    await clock.settle();
    expect(clock.now()).toBe(1_001_234);
    expect(database.reads).toBe(1);
  });

  it.each([30_000, 8 * 86_400_000, -3_600_000])(
    "is not moved when the wall clock of the process steps by %d ms",
    async (step) => {
      const { clock, local, pass } = bench();
      await clock.settle();
      local.wall += step;
      pass(10);
      expect(clock.now()).toBe(1_000_010);
    },
  );

  it("is read again, and waited for, after the process was suspended", async () => {
    const { clock, local, database } = bench();
    await clock.settle();
    database.time += 60_000;
    local.wall += 60_000;
    await clock.settle();
    expect(clock.now()).toBe(1_060_000);
  });

  it("is read again now and then, behind the request", async () => {
    const { clock, pass, database } = bench();
    await clock.settle();
    pass(31_000);
    database.time += 500;
    await clock.settle();
    expect(database.reads).toBe(2);
    await Promise.resolve();
    expect(clock.now()).toBe(1_031_500);
  });

  it("keeps the last reading while the database does not answer, and never throws", async () => {
    const { clock, pass, database } = bench();
    await clock.settle();
    database.fails = true;
    pass(31_000);
    await clock.settle();
    expect(clock.now()).toBe(1_031_000);
  });

  it("is the process's own before the first reading", async () => {
    const { clock, database } = bench();
    database.fails = true;
    await clock.settle();
    expect(clock.now()).toBe(9_000_000);
  });
});
