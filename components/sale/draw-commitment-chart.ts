import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatChartTime } from "@/lib/calendar";

/** The data to draw: seconds since 1970, and amounts in whole tokens. Floats are exact enough: a pixel is coarser. */
export interface ChartData {
  times: readonly number[];
  totals: readonly number[];
}

/** A chart on the page. */
export interface DrawnChart {
  update(data: ChartData): void;
  destroy(): void;
}

const LINE_WIDTH = 2;
const FONT = "12px var";
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A canvas does not know CSS variables, so the browser is asked for the value of one in the current theme. */
function colorOf(element: HTMLElement, variable: string): string {
  const probe = element.appendChild(document.createElement("span"));
  probe.style.color = `var(${variable})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function aligned({ times, totals }: ChartData): uPlot.AlignedData {
  return [[...times], [...totals]];
}

function optionsFor(element: HTMLElement): uPlot.Options {
  const color = (variable: string) => () => colorOf(element, variable);
  const font = FONT.replace("var", getComputedStyle(element).fontFamily);
  const axis = { stroke: color("--text-quiet"), font, ticks: { show: false }, gap: 6 };
  const grid = { stroke: color("--line"), width: 1 };
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    // On the right, room for half a label under the end of the curve.
    padding: [8, 20, 0, 0],
    cursor: { show: false },
    legend: { show: false },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 72,
        values: (_chart, times) =>
          times.map((time, index) => formatChartTime(time, (times[1] ?? 0) - (times[0] ?? 0), index)),
      },
      { ...axis, grid, size: 44, space: 36, values: (_chart, totals) => totals.map((total) => compact.format(total)) },
    ],
    series: [
      {},
      {
        stroke: color("--accent"),
        fill: () => `color-mix(in srgb, ${colorOf(element, "--accent")} 12%, transparent)`,
        width: LINE_WIDTH,
        points: { show: false },
        ...(uPlot.paths.stepped && { paths: uPlot.paths.stepped({ align: 1 }) }),
      },
    ],
    tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
  };
}

/** Calls back when the page's colours change, by the theme menu or by the system. */
function watchTheme(onChange: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(onChange);
  system.addEventListener("change", onChange);
  chosen.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    system.removeEventListener("change", onChange);
    chosen.disconnect();
  };
}

/** Draws the curve into an element and follows its size and the theme. Nothing in it is animated. */
export function drawCommitmentChart(element: HTMLElement, data: ChartData): DrawnChart {
  const chart = new uPlot(optionsFor(element), aligned(data), element);
  const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: element.clientHeight }));
  resized.observe(element);
  const unwatch = watchTheme(() => chart.redraw(false));
  return {
    update: (next) => chart.setData(aligned(next)),
    destroy: () => {
      resized.disconnect();
      unwatch();
      chart.destroy();
    },
  };
}
