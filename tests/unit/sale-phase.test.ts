import { describe, expect, it } from "vitest";
import {
  announcedWindow,
  saleDeadline,
  salePhase,
  PHASE_WORDS,
  formatTimeLeft,
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

  it("that this site has paused takes no commitments, whatever the window says", () => {
    for (const now of [0n, 1_500n, 9_999n])
      expect(phase({ pausedBySite: true, now })).toEqual({ kind: "paused-by-site" });
  });

  it.each([
    ["pre-open", "not-open"],
    ["cancellation", "cancellation"],
    ["settlement", "settlement"],
    ["done", "done"],
  ] as const)("in stage %s is %s although this site has paused commitments", (stage, kind) => {
    expect(phase({ stage, pausedBySite: true })).toEqual({ kind });
  });

  it("that the contract has paused is not called a pause of new commitments only", () => {
    expect(phase({ paused: true, pausedBySite: true })).toEqual({ kind: "paused" });
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
    const seconds = BigInt(now / 1000);
    const window = announcedWindow(times);
    const phase = salePhase({ stage: "commitment", paused: false, now: seconds, ...(window && { window }) });
    return { phase, deadline: saleDeadline(phase, window, seconds) };
  };

  it("is none while no time is announced", () => {
    expect(announcedWindow({})).toBeUndefined();
    expect(at(NOW, {}).deadline).toBeUndefined();
  });

  it.each([
    ["before the opening", { opensAt: NOW + 90 * MINUTE }, "on", "opens in 1 h 30 min"],
    ["until the end", { closesAt: NOW + MINUTE }, "until", "closes in 1 min"],
    ["with an opening alone, once open", { opensAt: NOW }, undefined, undefined],
    ["from the end on", { opensAt: NOW - MINUTE, closesAt: NOW }, "on", undefined],
  ])("%s", (_name, times, words, timeLeft) => {
    const { deadline } = at(NOW, times);
    expect([deadline?.words, deadline?.timeLeft]).toEqual([words, timeLeft]);
  });

  it("closes at its last second", () => {
    expect(at(NOW, { closesAt: NOW }).phase.kind).toBe("closed");
    expect(at(NOW - 1000, { closesAt: NOW }).phase.kind).toBe("open");
  });
});

describe("the moment that matters", () => {
  /** The words after the title, with the time in seconds. */
  const momentIn = (input: Partial<PhaseInput>) => {
    const { window: given, now } = { window, now: 1_500n, ...input };
    const deadline = saleDeadline(phase(input), given, now);
    return deadline && `${deadline.words} ${deadline.at}${deadline.timeLeft ? ` (${deadline.timeLeft})` : ""}`;
  };

  it.each<[string, Partial<PhaseInput>, string | undefined]>([
    ["while it is open", {}, "until 2000 (closes in 8 min)"],
    ["before it opens", { now: 400n }, "on 1000 (opens in 10 min)"],
    ["once it is closed", { now: 2_000n }, "on 2000"],
    [
      "before its stage, if the opening is still to come",
      { stage: "pre-open", now: 400n },
      "· opens on 1000 (opens in 10 min)",
    ],
    ["before its stage, if the opening has passed", { stage: "pre-open" }, "· closes on 2000 (closes in 8 min)"],
    ["during a pause, which moves no deadline", { paused: true }, "· closes on 2000 (closes in 8 min)"],
    ["during a pause after the end", { paused: true, now: 2_000n }, "· closed on 2000"],
    ["in a later stage", { stage: "settlement", now: 2_001n }, "· commitments closed on 2000"],
    [
      "in a later stage that came early: nothing closed at a time that is still to come",
      { stage: "done" },
      "· commitments were planned until 2000",
    ],
    ["without an end", { window: { opensAt: 0n, closesAt: MAX_UINT64 } }, undefined],
    [
      "without an end, before it opens",
      { window: { opensAt: 1_600n, closesAt: MAX_UINT64 } },
      "on 1600 (opens in 1 min)",
    ],
  ])("%s", (_name, input, text) => {
    expect(momentIn(input)).toBe(text);
  });
});
