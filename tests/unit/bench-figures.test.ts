import { describe, expect, it } from "vitest";
import { figureTable, median, percentile, ratioTo } from "@/tests/support/bench/figures";

describe("figures of a measurement", () => {
  it("have their middle, and the value below which a share of them lies, in whatever order they came", () => {
    expect([median([9, 1, 5]), median([4, 1, 3, 2])]).toEqual([5, 2.5]);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(hundred, 0.99), percentile(hundred, 0)]).toEqual([100, 1]);
  });

  it("are a table that says of each whether it has reached its goal: of the ratio where there is one", () => {
    const fast = { what: "fast", unit: "ms", values: [10], goal: { most: 10 } };
    const slow = { what: "slow", unit: "ms", values: [30, 40, 50], goal: { most: 39 } };
    const half = ratioTo(
      { what: "half", unit: "req/s", values: [51] },
      { what: "floor", unit: "req/s", values: [100] },
      { least: 0.5 },
    );
    expect(figureTable("All", [fast, slow, half]).split("\n").slice(4, -1)).toEqual([
      "| fast | 10 ms |  |  | at most 10: met |",
      "| slow | 40 ms | 30 to 50 |  | at most 39: missed |",
      "| half | 51 req/s |  | 0.51 x floor | at least 0.5: met |",
    ]);
  });

  it("says so where nothing was measured", () => {
    expect(figureTable("None", [{ what: "x", unit: "ms", values: [] }])).toContain("| x | none ms |");
  });
});
