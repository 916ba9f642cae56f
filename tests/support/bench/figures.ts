/** The repetitions of one measurement. */
export interface Figure {
  what: string;
  unit: string;
  values: readonly number[];
  /** A ratio to another measurement of the same run, with its name. */
  ratio?: { to: string; value: number };
  /** What the median, or the ratio where there is one, should be. Nothing fails by it. */
  goal?: { least: number } | { most: number };
}

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The value below which a share (0 to 1) of the values lies. */
export function percentile(values: readonly number[], share: number): number {
  const all = sorted(values);
  return all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const all = sorted(values);
  const half = Math.floor(all.length / 2);
  const [upper = Number.NaN, lower = upper] = [all[half], all[half - 1]];
  return all.length % 2 === 1 ? upper : (upper + lower) / 2;
}

/** A figure with the ratio of its median to another one's. */
export function ratioTo(figure: Figure, floor: Figure, goal?: Figure["goal"]): Figure {
  const ratio = { to: floor.what, value: median(figure.values) / median(floor.values) };
  return { ...figure, ratio, ...(goal && { goal }) };
}

/** As short as it can be read: three digits that count. */
function shown(value: number): string {
  if (!Number.isFinite(value)) return "none";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}

function goalOf({ values, ratio, goal }: Figure): string {
  if (!goal) return "";
  const value = ratio?.value ?? median(values);
  const [words, limit, isMet] =
    "least" in goal ? ["at least", goal.least, value >= goal.least] : ["at most", goal.most, value <= goal.most];
  return `${words} ${shown(limit)}: ${isMet ? "met" : "missed"}`;
}

function row(figure: Figure): string {
  const { what, unit, values, ratio } = figure;
  const range = values.length > 1 ? `${shown(Math.min(...values))} to ${shown(Math.max(...values))}` : "";
  const compared = ratio ? `${shown(ratio.value)} x ${ratio.to}` : "";
  return `| ${[what, `${shown(median(values))} ${unit}`, range, compared, goalOf(figure)].join(" | ")} |`;
}

/** A table in Markdown, so that it can be put into the documentation as it is. */
export function figureTable(title: string, figures: readonly Figure[]): string {
  const head = "| what | median | min to max | ratio | goal |\n| --- | --- | --- | --- | --- |";
  return `### ${title}\n\n${head}\n${figures.map(row).join("\n")}\n`;
}
