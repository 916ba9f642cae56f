import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartAxis } from "@/lib/sale/chart-axis";

const cap = (value: bigint) => ({ label: "Cap", value });

describe("the chart's axis", () => {
  it("starts at zero where the curve has room", () => {
    expect(chartAxis([10n, 500n]).from).toBe(0n);
    expect(chartAxis([]).from).toBe(0n);
    expect(chartAxis([700n, 700n]).from).toBe(0n);
  });

  it("starts at a short number below a curve that is far above zero", () => {
    expect(chartAxis([1_187_654n, 1_234_567n]).from).toBe(1_180_000n);
  });

  it("has a cap that is near, and leaves out one that would press the curve flat", () => {
    expect(chartAxis([10n, 500n], [cap(900n)])).toMatchObject({ marks: [cap(900n)] });
    expect(chartAxis([10n, 500n], [cap(900n)]).to).toBeGreaterThan(900n);
    expect(chartAxis([10n, 500n], [cap(1_001n)]).marks).toEqual([]);
    expect(chartAxis([1_000n, 1_100n], [cap(499n)]).marks).toEqual([]);
  });

  it("holds every value and every mark that it has", () => {
    const amounts = fc.array(fc.bigInt(0n, 10n ** 30n), { minLength: 1 });
    fc.assert(
      fc.property(amounts, fc.array(fc.bigInt(0n, 10n ** 30n)), (values, marks) => {
        const axis = chartAxis(values, marks.map(cap));
        for (const value of [...values, ...axis.marks.map((mark) => mark.value)]) {
          expect(value).toBeGreaterThanOrEqual(axis.from);
          expect(value).toBeLessThan(axis.to);
        }
      }),
    );
  });
});
