import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { outsideRequests } from "@/lib/http/outside-requests";
import * as log from "@/lib/http/log";
import { fail, success, type Result } from "@/lib/result";
import { forgetSharedReads, readShared } from "@/lib/http/shared-read";

const TIMES = { freshMs: 2_000, renewingMs: 5_000, keptMs: 60_000 };
const SECRET = "canary-33";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
});
afterEach(() => {
  forgetSharedReads();
  vi.useRealTimers();
});

/** The value after so many milliseconds, or the failure's code. */
async function shown(read: () => Promise<Result<number>>, passed = 0) {
  vi.advanceTimersByTime(passed);
  const result = await readShared({ name: "test", read, ...TIMES }, () => undefined);
  return result.ok ? result.data : result.error.code;
}

test("a read that throws is not repeated for a second, and the last good value stands in for it", async () => {
  const read = vi.fn((): Promise<Result<number>> => Promise.resolve(success(1)));
  const error = vi.fn();
  vi.spyOn(log, "requestLog").mockReturnValue({ info: error, warn: error, error });
  expect(await shown(read)).toBe(1);
  read.mockImplementation(() => Promise.reject(new RangeError(SECRET)));
  expect(await shown(read, 10_000)).toBe(1);
  expect(await shown(read, 999)).toBe(1);
  expect(read).toHaveBeenCalledTimes(2);
  expect(await shown(read, 60_000)).toBe("request/unexpected");
  expect(read).toHaveBeenCalledTimes(3);
  expect(error).toHaveBeenCalledWith("unexpected", expect.objectContaining({ call: "test", errorName: "RangeError" }));
  expect(JSON.stringify(error.mock.calls)).not.toContain(SECRET);
});

test("a wall clock that is set back keeps no value fresh, and no failure", async () => {
  const read = vi.fn((): Promise<Result<number>> => Promise.resolve(success(1)));
  expect(await shown(read)).toBe(1);
  vi.setSystemTime(Date.now() - 3_600_000);
  read.mockResolvedValue(success(2));
  expect(await shown(read, 1_999)).toBe(1);
  expect(await shown(read, 3_001)).toBe(2);
  read.mockResolvedValue(fail("request/unexpected"));
  expect(await shown(read, 60_000)).toBe("request/unexpected");
  vi.setSystemTime(Date.now() - 3_600_000);
  read.mockResolvedValue(success(3));
  expect(await shown(read, 1_000)).toBe(3);
});

test("a value grows old while the machine sleeps, when only the wall clock goes on", async () => {
  const read = vi.fn((): Promise<Result<number>> => Promise.resolve(success(1)));
  expect(await shown(read)).toBe(1);
  vi.setSystemTime(Date.now() + 3_600_000);
  read.mockResolvedValue(success(2));
  expect(await shown(read)).toBe(2);
});

test("a read belongs to no visitor's request, whoever begins it", async () => {
  // As the start of a process does.
  outsideRequests(() => undefined);
  const request = new AsyncLocalStorage<string>();
  const read = () => Promise.resolve(success(request.getStore() === undefined ? 1 : 0));
  expect(await request.run("a request", () => shown(read))).toBe(1);
});
