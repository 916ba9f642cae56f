import { fireEvent, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { Chart } from "@/components/sale/chart";
import { PriceHistory } from "@/components/sale/price-history";
import { chartAxis } from "@/lib/sale/chart-axis";

const STEP = 10;

// jsdom draws nothing: of the drawing, only the places of the points matter here.
vi.mock("@/components/sale/draw-chart", () => ({
  drawChart: () => ({
    update: () => {},
    destroy: () => {},
    indexAt: (left: number) => Math.round(left / STEP),
    placeOf: (index: number) => ({ left: index * STEP, top: 0 }),
  }),
}));

beforeEach(() => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(private readonly seen: (entries: { isIntersecting: boolean }[]) => void) {}
      observe() {
        this.seen([{ isIntersecting: true }]);
      }
      disconnect() {}
    },
  );
});

const points = [1n, 2n, 3n].map((value, index) => ({ at: index * 1000, value }));

async function renderChart() {
  render(
    <Chart
      name="Committed"
      points={points}
      decimals={0}
      axis={chartAxis<{ label: string; value: bigint }>(points.map(({ value }) => value))}
      description="Chart: it grew."
      tell={(index) => ({ when: `day ${index + 1}`, value: `${index + 1} USDC` })}
    />,
  );
  return { user: userEvent.setup(), reader: await screen.findByRole("slider") };
}

describe("the points of a chart", () => {
  it("are told one by one by arrow keys, to the eye and to screen readers, and hidden by Escape", async () => {
    const { user, reader } = await renderChart();
    expect(reader).toHaveAccessibleName("Committed, point by point");
    await user.tab();
    expect(reader).toHaveFocus();
    expect(screen.getByText("3 USDC")).toBeVisible();
    await user.keyboard("{ArrowLeft}");
    expect(reader).toHaveAttribute("aria-valuetext", "day 2, 2 USDC");
    expect(reader).toHaveAttribute("aria-valuenow", "2");
    expect(screen.getByText("2 USDC")).toBeVisible();
    await user.keyboard("{Home}{ArrowLeft}");
    expect(reader).toHaveAttribute("aria-valuenow", "1");
    await user.keyboard("{End}{ArrowRight}");
    expect(reader).toHaveAttribute("aria-valuenow", "3");
    await user.keyboard("{Escape}");
    expect(screen.queryByText("3 USDC")).toBeNull();
  });

  it("are told under the pointer, until it leaves", async () => {
    const { reader } = await renderChart();
    fireEvent.pointerMove(reader, { clientX: STEP });
    expect(screen.getByText("2 USDC")).toBeVisible();
    fireEvent.pointerLeave(reader);
    expect(screen.queryByText("2 USDC")).toBeNull();
  });
});

describe("the clearing price while the page is open", () => {
  const history = (price: bigint | undefined, now: number) => (
    <PriceHistory
      estimate={price === undefined ? undefined : { numerator: price, denominator: 10_000n }}
      now={Date.UTC(2026, 10, 21, 10) + now}
      symbol="USDC"
    />
  );

  it("has its place before there is a curve, and gets one with the second point", async () => {
    const { rerender, container } = render(history(undefined, 0));
    expect(container).toHaveTextContent("There is no price yet.");
    rerender(history(430n, 0));
    expect(screen.queryByRole("img")).toBeNull();
    rerender(history(645n, 60_000));
    expect(screen.getByRole("img")).toHaveAccessibleName(
      "Chart: the estimated clearing price went from 0.043 USDC on 21 Nov 2026, 10:00 UTC to 0.0645 USDC on 21 Nov 2026, 10:01 UTC.",
    );
    expect(await screen.findByRole("slider")).toHaveAttribute(
      "aria-valuetext",
      "21 Nov 2026, 10:01 UTC, 0.0645 USDC per token",
    );
  });

  it("that does not change is a line until now", () => {
    const { rerender } = render(history(430n, 0));
    rerender(history(430n, 30_000));
    expect(screen.getByRole("img")).toHaveAccessibleName(/has been 0\.043 USDC since/);
  });
});
