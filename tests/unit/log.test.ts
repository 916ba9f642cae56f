import { expect, test } from "vitest";
import { errorFields } from "@/lib/http/log";

const SECRET = "rt-canary-4711";

function fails(): never {
  throw new RangeError(`no ${SECRET}`);
}

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

test("an unexpected error is described by its stack frames, not by its message", () => {
  const { errorName, frames = [] } = errorFields(caught(fails));
  expect(errorName).toBe("RangeError");
  expect(frames[0]).toMatch(/^at fails .*log\.test\.ts:\d+:\d+/);
  expect(JSON.stringify(frames)).not.toContain(SECRET);
});

test("a line of the message that looks like a frame is not taken for one", () => {
  const error = new Error(`two lines\n    at ${SECRET} (file.ts:1:2)`);
  const { frames = [] } = errorFields(error);
  expect(frames.length).toBeGreaterThan(0);
  expect(JSON.stringify(frames)).not.toContain(SECRET);
});

test.each([
  ["a SQLSTATE", { code: "42P01" }, "42P01"],
  ["SQLite's", { code: "SQLITE_BUSY" }, "SQLITE_BUSY"],
  ["its cause's", { cause: Object.assign(new Error(SECRET), { code: "ECONNRESET" }) }, "ECONNRESET"],
  ["none that could be data", { code: `${SECRET} and more` }, undefined],
  ["no number", { code: 7 }, undefined],
])("the code of an error is %s", (_case, properties, code) => {
  const fields = errorFields(Object.assign(new Error(SECRET), properties));
  expect(fields.errorCode).toBe(code);
  expect(JSON.stringify(fields)).not.toContain(SECRET);
});

test("a thrown value that is not an Error is described as unknown", () => {
  expect(errorFields(SECRET)).toEqual({ errorName: "unknown" });
});
