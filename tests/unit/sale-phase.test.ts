import { describe, expect, it } from "vitest";
import {
  announcedWindow,
  salePhase,
  PHASE_WORDS,
  formatTimeLeft,
  timeLeftLine,
  type PhaseInput,
} from "@/lib/sale/phase";
import { SALE_STAGES } from "@/lib/sale/state";
import { MAX_UINT64 } from "@/lib/sale/money";

const window = { opensAt: 1_000n, closesAt: 2_000n };

function phase(input: Partial<PhaseInput>) {
  return salePhase({ stage: "commitment", paused: false, window, now: 1_500n, ...input });
}

describe("the phase of a sale in stage Commitment", () => {
  it.each([
    [0n, { kind: "opens-later", opensAt: 1_000n, secondsLeft: 1_000n }],
    [999n, { kind: "opens-later", opensAt: 1_000n, secondsLeft: 1n }],
    [1_000n, { kind: "open", closesAt: 2_000n, secondsLeft: 1_000n }],
    [1_999n, { kind: "open", closesAt: 2_000n, secondsLeft: 1n }],
    [2_000n, { kind: "closed" }],
    [9_999n, { kind: "closed" }],
  ])("at second %d of a window from 1000 to 2000", (now, expected) => {
    expect(phase({ now })).toEqual(expected);
  });

  it("is not called open while no window is known: the stage alone does not open it", () => {
    expect(phase({ window: undefined })).toEqual({ kind: "commitment" });
  });

  it("has no end to count down to when the window never closes", () => {
    expect(phase({ window: { opensAt: 0n, closesAt: MAX_UINT64 } })).toEqual({ kind: "open" });
  });

  it.each([
    [0n, 0n],
    [3_000n, 0n],
    [3_000n, 3_000n],
  ])("is closed for a window from %d to %d, which is never open", (opensAt, closesAt) => {
    expect(phase({ window: { opensAt, closesAt } })).toEqual({ kind: "closed" });
  });
});

describe("the phase of a sale", () => {
  it.each([
    ["pre-open", "not-open"],
    ["cancellation", "cancellation"],
    ["settlement", "settlement"],
    ["done", "done"],
  ] as const)("in stage %s is %s, whatever the window says", (stage, kind) => {
    for (const now of [0n, 1_500n, 9_999n]) expect(phase({ stage, now })).toEqual({ kind });
  });

  it.each(SALE_STAGES)("that is paused in stage %s is paused", (stage) => {
    for (const now of [0n, 1_500n, 9_999n]) expect(phase({ stage, paused: true, now })).toEqual({ kind: "paused" });
  });

  it("has a title and a sentence of its own", () => {
    const words = Object.values(PHASE_WORDS);
    expect(new Set(words.flatMap(({ title, sentence }) => [title, sentence])).size).toBe(2 * words.length);
  });
});

describe("the time left", () => {
  it.each([
    [0n, "less than a minute"],
    [-5n, "less than a minute"],
    [59n, "less than a minute"],
    [60n, "1 min"],
    [3_599n, "59 min"],
    [3_600n, "1 h"],
    [3_660n, "1 h 1 min"],
    [86_399n, "23 h 59 min"],
    [86_400n, "1 d"],
    [86_460n, "1 d"],
    [273_600n, "3 d 4 h"],
  ])("%d seconds are %s", (seconds, text) => {
    expect(formatTimeLeft(seconds)).toBe(text);
  });
});

const NOW = Date.UTC(2026, 10, 21, 10);
const MINUTE = 60_000;

describe("the announced window", () => {
  const at = (now: number, times: Parameters<typeof announcedWindow>[0]) => {
    const window = announcedWindow(times);
    return salePhase({ stage: "commitment", paused: false, now: BigInt(now / 1000), ...(window && { window }) });
  };

  it("is none while no time is announced", () => {
    expect(announcedWindow({})).toBeUndefined();
  });

  it.each([
    ["before the opening", { opensAt: NOW + 90 * MINUTE }, "opens in 1 h 30 min"],
    ["until the end", { closesAt: NOW + MINUTE }, "closes in 1 min"],
    ["with an opening alone, once open", { opensAt: NOW }, undefined],
    ["from the end on", { opensAt: NOW - MINUTE, closesAt: NOW }, undefined],
  ])("%s", (_name, times, line) => {
    expect(timeLeftLine(at(NOW, times))).toBe(line);
  });

  it("closes at its last second", () => {
    expect(at(NOW, { closesAt: NOW }).kind).toBe("closed");
    expect(at(NOW - 1000, { closesAt: NOW }).kind).toBe("open");
  });
});
