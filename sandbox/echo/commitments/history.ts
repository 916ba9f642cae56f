import type { Hex } from "../permits/permit";
import { makeCommitment, type Commitment } from "./commitment-book";

/** The number of entities that committed before the sandbox started: more than the API lists at once. */
export const HISTORY_SIZE = 321;

const SEED = 20_261_114;
const SPREAD_MS = 5 * 24 * 60 * 60 * 1000;

/** Commitments of the five days before `until` (Unix milliseconds) in one of the sale's payment tokens, oldest first. */
export function commitmentHistory(until: number, token: Hex): Commitment[] {
  const random = deterministicRandom(SEED);
  return Array.from({ length: HISTORY_SIZE }, (_, index) => {
    // Squared, so that the gaps shrink towards the end, as in a sale that gains speed.
    const age = SPREAD_MS * (1 - (index + 1) / (HISTORY_SIZE + 1)) ** 2;
    return makeCommitment(randomHex(random, 16), amounts(random, token), Math.round(until - age));
  });
}

function amounts(random: () => number, token: Hex): Commitment["Amounts"] {
  const wallets = random() < 0.12 ? 2 : 1;
  return Array.from({ length: wallets }, () => ({
    Wallet: randomHex(random, 20),
    Token: token,
    Amount: amount(random).toString(),
  }));
}

/** From about 25 to about 25,000 units, most of them small; some are round, some have cents, a few use every decimal. */
function amount(random: () => number): bigint {
  const units = 25 * 1000 ** random();
  const style = random();
  if (style < 0.6) return BigInt(Math.ceil(units / 25) * 25) * 1_000_000n;
  if (style < 0.9) return BigInt(Math.round(units * 100)) * 10_000n;
  return BigInt(Math.round(units * 1_000_000));
}

function randomHex(random: () => number, bytes: number): Hex {
  const digits = Array.from({ length: bytes }, () =>
    Math.floor(random() * 256)
      .toString(16)
      .padStart(2, "0"),
  );
  return `0x${digits.join("")}`;
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32), so that the sale's history never changes. */
function deterministicRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
