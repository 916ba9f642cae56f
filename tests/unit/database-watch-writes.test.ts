import { beforeEach, describe, expect, it, vi } from "vitest";
import { DatabaseWatch } from "@/lib/http/database-watch";

/** How long the database takes to be read (milliseconds), and whether it can be written: else each write waits for good. */
let readAfter: number;
let takesWrites: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  [readAfter, takesWrites] = [1, true];
  return () => vi.useRealTimers();
});

function watch(): DatabaseWatch {
  const probe = (onRead: () => void) =>
    new Promise<{ readable: boolean; ready: boolean }>((resolve) => {
      const answers = takesWrites;
      setTimeout(() => (onRead(), answers && resolve({ readable: true, ready: true })), readAfter);
    });
  return new DatabaseWatch(probe, {
    now: () => performance.now(),
    trustedMs: 1_100,
    later: (run, ms) => void setTimeout(run, ms),
  });
}

/** What a watch answers when it is asked every 50 ms for so long (milliseconds). */
async function answers(database: DatabaseWatch, ms: number): Promise<{ canRead: boolean[]; canStore: boolean[] }> {
  const found = { canRead: new Set<boolean>(), canStore: new Set<boolean>() };
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; await vi.advanceTimersByTimeAsync(50)) {
    void database.canRead().then((can) => found.canRead.add(can));
    void database.canStore().then((can) => found.canStore.add(can));
  }
  return { canRead: [...found.canRead], canStore: [...found.canStore] };
}

describe("a database that is read, and whose writes wait for good", () => {
  it("shows pages all the time, stores nothing after a few seconds, and does both again once it can", async () => {
    const database = watch();
    expect(await answers(database, 3_000)).toEqual({ canRead: [true], canStore: [true] });
    takesWrites = false;
    expect(await answers(database, 8_000)).toEqual({ canRead: [true], canStore: [true, false] });
    expect(await answers(database, 8_000)).toEqual({ canRead: [true], canStore: [false] });
    takesWrites = true;
    await answers(database, 2_500);
    expect(await answers(database, 3_000)).toEqual({ canRead: [true], canStore: [true] });
  });

  it("stores nothing though its reads come late, because the writes have taken their connections", async () => {
    const database = watch();
    await answers(database, 3_000);
    [takesWrites, readAfter] = [false, 2_000];
    await answers(database, 9_000);
    expect(await answers(database, 8_000)).toEqual({ canRead: [true], canStore: [false] });
  });
});
