import { describe, expect, it } from "vitest";
import { formatChartTime, formatMinute, formatOwnTime, formatUtc } from "@/lib/calendar";

describe("the time axis of the chart", () => {
  const noon = Date.UTC(2026, 10, 21, 12) / 1000;

  it.each([
    ["days apart by their day", noon, 86_400, 1, "21 Nov"],
    ["within a day by their hour, in UTC", noon, 3_600, 1, "12:00"],
    ["at midnight by the day that begins", noon + 43_200, 3_600, 3, "22 Nov"],
  ])("marks times %s", (_name, time, step, index, text) => {
    expect(formatChartTime(time, step, index)).toBe(text);
  });
});

describe("a moment", () => {
  it("is written in UTC to the minute, in one form whatever it was read from", () => {
    expect(formatUtc(1_797_789_600n)).toBe("20 Dec 2026, 18:00 UTC");
    expect(formatMinute("2026-12-20T19:00:00+01:00")).toBe(formatUtc(1_797_789_600n));
    expect(formatUtc(0n)).toBe("1 Jan 1970, 00:00 UTC");
  });

  it("that no calendar can write is shown as the last one", () => {
    expect(formatUtc(2n ** 64n - 1n)).toBe("31 Dec 9999, 23:59 UTC");
  });

  it.each([
    ["an hour ahead", -60, "19:00"],
    ["behind by the half hour", 210, "14:30"],
    ["already in the next day", -540, "21 Dec, 03:00"],
    ["of the day before", 1_140, "19 Dec, 23:00"],
    ["of UTC, which adds nothing", 0, undefined],
  ])("on a clock %s", (_name, behindUtc, text) => {
    expect(formatOwnTime(Date.UTC(2026, 11, 20, 18), behindUtc)).toBe(text);
  });
});
