import { afterEach, describe, expect, it, test, vi } from "vitest";
import { z } from "zod";
import * as log from "@/lib/http/log";
import { count, digits, flag, isErrorBody, items, optional, rows, text, time } from "@/lib/http/wire";

function read(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : "unreadable";
}

describe("a field of an upstream's answer", () => {
  it.each([
    [true, true],
    ["true", true],
    [" TRUE ", true],
    [1, true],
    ["1", true],
    [false, false],
    ["False", false],
    [0, false],
    ["0", false],
    ["yes", "unreadable"],
    ["", "unreadable"],
    [2, "unreadable"],
    [null, "unreadable"],
    [undefined, "unreadable"],
    [{}, "unreadable"],
  ])("that is a boolean may be sent as %j: %s", (sent, wanted) => {
    expect(read(flag, sent)).toBe(wanted);
  });

  it.each([
    [3600, 3600],
    ["3600", 3600],
    [" 7 ", 7],
    [3600.0, 3600],
    [0, 0],
    [-1, "unreadable"],
    ["-1", "unreadable"],
    [1.5, "unreadable"],
    ["1e3", "unreadable"],
    ["0x10", "unreadable"],
    ["", "unreadable"],
    ["9".repeat(17), "unreadable"],
    [true, "unreadable"],
    [null, "unreadable"],
  ])("that is a number may be sent as %j: %s", (sent, wanted) => {
    expect(read(count(), sent)).toBe(wanted);
  });

  it.each([
    ["1000000", "1000000"],
    [" 5\n", "5"],
    [5, "5"],
    [2 ** 53 - 1, "9007199254740991"],
    ["9".repeat(78), "9".repeat(78)],
    // JSON has rounded it: another amount must not be shown.
    [2 ** 53, "unreadable"],
    [1e21, "unreadable"],
    [1.5, "unreadable"],
    ["1.5", "unreadable"],
    ["-1", "unreadable"],
    ["1e6", "unreadable"],
    ["0x10", "unreadable"],
    ["1,000", "unreadable"],
    ["", "unreadable"],
    [null, "unreadable"],
    [true, "unreadable"],
  ])("that is an amount may be sent as %j: %s", (sent, wanted) => {
    expect(read(digits, sent)).toBe(wanted);
  });

  it.each([
    ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T10:00:00.123456789Z", "2026-11-20T10:00:00.123Z"],
    ["2026-11-20T12:00:00+02:00", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T12:00:00+0200", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T12:00:00+02", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T04:30:00-0530", "2026-11-20T10:00:00.000Z"],
    // A time without a zone is UTC's, wherever this server is.
    ["2026-11-20T10:00:00", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20 10:00:00.5", "2026-11-20T10:00:00.500Z"],
    ["2026-11-20 10:00:00 UTC", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20T10:00", "2026-11-20T10:00:00.000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["Fri, 20 Nov 2026 10:00:00 GMT", "2026-11-20T10:00:00.000Z"],
    [1795168800, "2026-11-20T10:00:00.000Z"],
    [1795168800.5, "2026-11-20T10:00:00.500Z"],
    [1795168800000, "2026-11-20T10:00:00.000Z"],
    ["1795168800", "2026-11-20T10:00:00.000Z"],
    ["1795168800000", "2026-11-20T10:00:00.000Z"],
    [1795168800000000, "2026-11-20T10:00:00.000Z"],
    // Zero values of servers.
    ["0001-01-01T00:00:00Z", "unreadable"],
    [0, "unreadable"],
    [-1, "unreadable"],
    ["2026-13-45T10:00:00Z", "unreadable"],
    ["11/12/2026", "unreadable"],
    ["tomorrow", "unreadable"],
    ["", "unreadable"],
    [null, "unreadable"],
    [{}, "unreadable"],
    [NaN, "unreadable"],
  ])("that is a time may be sent as %j: %s", (sent, wanted) => {
    expect(read(time, sent)).toBe(wanted);
  });

  it.each([null, undefined, "", "  ", {}, [], true])("that is optional is absent if sent as %j", (sent) => {
    expect(optional(text).parse(sent)).toBeUndefined();
  });

  it("that is an id or a name may be sent as a whole number", () => {
    expect([7, "AUX-1", 1.5, true].map((sent) => read(text, sent))).toEqual(["7", "AUX-1", "unreadable", "unreadable"]);
  });
});

describe("a list of an upstream's answer", () => {
  const list = z.object({
    Rows: rows("test rows", z.object({ Amount: digits, Parts: items(z.object({ Id: text })) })),
  });

  afterEach(() => vi.restoreAllMocks());

  it.each([{}, { Rows: null }, { Rows: [] }])("is empty if sent as %j", (sent) => {
    expect(list.parse(sent)).toEqual({ Rows: [] });
  });

  it.each([{ Rows: {} }, { Rows: "" }, { Rows: 0 }, [], null, "<html>"])("is unreadable if sent as %j", (sent) => {
    expect(list.safeParse(sent).success).toBe(false);
  });

  it("is unreadable if it is longer than any that is asked for, and no row of it is read", () => {
    const row = vi.fn(() => true);
    for (const long of [rows("test rows", z.custom(row)), items(z.custom(row))]) {
      expect(long.safeParse(Array(1_001).fill({})).success).toBe(false);
      expect(row).not.toHaveBeenCalled();
      expect(long.parse(Array(1_000).fill({}))).toHaveLength(1_000);
      row.mockClear();
    }
  });

  it("of which every item must be readable is read up to the first that is not", () => {
    const item = vi.fn((value) => value !== 3);
    expect(items(z.custom(item)).safeParse([1, 2, 3, 4, 5]).error?.issues[0]?.path).toEqual([2]);
    expect(item).toHaveBeenCalledTimes(3);
  });

  it("keeps the rows that can be read, and logs each kind of fault once, without a value", () => {
    const warn = vi.fn();
    vi.spyOn(log, "requestLog").mockReturnValue({ info: warn, warn, error: warn });
    const good = { Amount: "1", Parts: [] };
    const bad = [null, "secret-row", { Amount: "secret", Parts: [] }, { Amount: "1", Parts: [{ Id: null }] }];
    for (let poll = 0; poll < 3; poll++)
      expect(list.parse({ Rows: [bad[0], good, ...bad.slice(1), good] })).toEqual({ Rows: [good, good] });
    expect(warn.mock.calls).toEqual(
      ["row", "Amount", "Parts.Id"].map((field) => ["upstream.row-left-out", { call: "test rows", field }]),
    );
  });
});

test("an error that comes with a status of success is told from an empty answer", () => {
  const errors = [{ error: "x" }, { Error: { Message: "x" } }, { errors: [{}] }];
  expect(errors.map(isErrorBody)).toEqual([true, true, true]);
  expect([{}, { error: null }, { error: "" }, [], null, "error"].map(isErrorBody)).not.toContain(true);
});
