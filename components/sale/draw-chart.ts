import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { formatChartTime } from "@/lib/calendar";

/** A dashed line across the chart. */
export interface DrawnMark {
  label: string;
  value: number;
}

/** The data to draw: seconds since 1970, and amounts in whole tokens. Floats are exact enough: a pixel is coarser. */
export interface ChartData {
  times: readonly number[];
  values: readonly number[];
  /** The bounds of the axis of amounts. */
  from: number;
  to: number;
  marks: readonly DrawnMark[];
}

/** A chart on the page. Places are in CSS pixels from the upper left corner of its element. */
export interface DrawnChart {
  update(data: ChartData): void;
  destroy(): void;
  /** The point nearest to a distance from the left. */
  indexAt(left: number): number;
  placeOf(index: number): { left: number; top: number };
}

const LINE_WIDTH = 2;
const FONT = "12px var";
/** Three digits: prices are far below 1, and totals in millions. */
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Distances of two marks on the time axis, in seconds. Its text has no seconds, so that a shorter one would repeat a minute. */
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60),
  ...[1, 2, 3, 4, 6, 8, 12].map((hours) => hours * 3_600),
  ...[1, 2, 3, 5, 7, 10, 14, 30, 60, 90, 180, 365].map((days) => days * 86_400),
];

/** A canvas does not know CSS variables, so the browser is asked for the value of one in the current theme. */
function colorOf(element: HTMLElement, variable: string): string {
  const probe = element.appendChild(document.createElement("span"));
  probe.style.color = `var(${variable})`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function aligned({ times, values }: ChartData): uPlot.AlignedData {
  return [[...times], [...values]];
}

/** The canvas has its own, finer pixels. Each label is above its line, at the right. */
function drawMarks(chart: uPlot, marks: readonly DrawnMark[], color: string, font: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.font = font.replace(/^\d+/, (size) => String(Number(size) * uPlot.pxRatio));
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  ctx.setLineDash([4 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
  for (const { label, value } of marks) {
    const top = chart.valToPos(value, "y", true);
    ctx.beginPath();
    ctx.moveTo(bbox.left, top);
    ctx.lineTo(bbox.left + bbox.width, top);
    ctx.stroke();
    ctx.fillText(label, bbox.left + bbox.width, top - 2 * uPlot.pxRatio);
  }
  ctx.restore();
}

function optionsFor(element: HTMLElement, latest: () => ChartData): uPlot.Options {
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
    scales: { y: { range: () => [latest().from, latest().to] } },
    hooks: { draw: [(chart) => drawMarks(chart, latest().marks, colorOf(element, "--text-quiet"), font)] },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: 72,
        incrs: TIME_STEPS,
        values: (_chart, times) =>
          times.map((time, index) => formatChartTime(time, (times[1] ?? 0) - (times[0] ?? 0), index)),
      },
      { ...axis, grid, size: 44, space: 36, values: (_chart, values) => values.map((value) => compact.format(value)) },
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
export function drawChart(element: HTMLElement, data: ChartData): DrawnChart {
  let latest = data;
  const chart = new uPlot(
    optionsFor(element, () => latest),
    aligned(data),
    element,
  );
  const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: element.clientHeight }));
  resized.observe(element);
  const unwatch = watchTheme(() => chart.redraw(false));
  return {
    update: (next) => {
      latest = next;
      chart.setData(aligned(next));
    },
    destroy: () => {
      resized.disconnect();
      unwatch();
      chart.destroy();
    },
    indexAt: (left) => chart.posToIdx(left - chart.over.offsetLeft),
    placeOf: (index) => ({
      left: chart.over.offsetLeft + chart.valToPos(latest.times[index] ?? 0, "x"),
      top: chart.over.offsetTop + chart.valToPos(latest.values[index] ?? 0, "y"),
    }),
  };
}
