/** The bounds of a chart's axis of amounts, in the smallest units of the amounts. */
export interface ChartAxis<Mark extends { value: bigint } = { value: bigint }> {
  from: bigint;
  to: bigint;
  /** The marks that are near enough to be drawn. */
  marks: readonly Mark[];
}

/** A value and its neighbour of one digit, so that the axis starts at a short number: 1,230,000 below 1,234,567. */
function roundDown(value: bigint, span: bigint): bigint {
  const step = 10n ** BigInt(span.toString().length - 1);
  return value - (value % step);
}

/**
 * An axis on which a curve can be read. It starts at zero, unless the curve would then be a flat line far above it. A mark (a cap, a target)
 * belongs to it while it is between half of the lowest and twice the highest value: a farther one would press the curve flat.
 */
export function chartAxis<Mark extends { value: bigint }>(
  values: readonly bigint[],
  marks: readonly Mark[] = [],
): ChartAxis<Mark> {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : 1));
  const [least, most] = [sorted[0] ?? 0n, sorted.at(-1) ?? 0n];
  const near = marks.filter(({ value }) => 2n * value >= least && value <= 2n * most);
  const low = near.reduce((lowest, { value }) => (value < lowest ? value : lowest), least);
  const high = near.reduce((highest, { value }) => (value > highest ? value : highest), most);
  const isFar = high > low && 2n * low >= high;
  const from = isFar ? roundDown(low, high - low) : 0n;
  // Room above the curve, also for the flat line of a sale in which all is zero.
  return { from, to: high + (high - from) / 20n + 1n, marks: near };
}
