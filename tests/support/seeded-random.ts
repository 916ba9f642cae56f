/** Numbers in [0, 1) that are the same for a seed (mulberry32), so that a failing case can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number of at least `low` and below `high`. */
export function randomInteger(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low));
}

/** One of the given values. */
export function randomChoice<Value>(random: () => number, values: readonly [Value, ...Value[]]): Value {
  return values[randomInteger(random, 0, values.length)] ?? values[0];
}
