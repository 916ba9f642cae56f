import { describe, expect, it } from "vitest";
import { formatChartTime } from "@/lib/calendar";

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
