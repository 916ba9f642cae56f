import { describe, expect, it } from "vitest";
import { formatChartTime } from "@/components/sale/chart-time";
import { announcedWindow } from "@/lib/sale/announced-window";
import { commitmentCurve } from "@/lib/sale/commitment-curve";
import { salePhase } from "@/lib/sale/phase";
import { timeLeftLine } from "@/lib/sale/phase-line";
import { symbolsAt, symbolsOf, totalTokens } from "@/lib/sale/token-symbols";
import { notYetListed, type UnlistedCommitment } from "@/lib/sale/unlisted-commitment";

const NOW = Date.UTC(2026, 10, 21, 10);
const MINUTE = 60_000;
const ENTITY = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const ADDRESS = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";

function listed(entityId: `0x${string}`, minutesAgo: number, ...amounts: string[]) {
  return {
    CommitmentID: entityId,
    SaleSpecificEntityID: entityId,
    PriceNumerator: "0",
    PriceDenominator: "1",
    Amounts: amounts.map((Amount) => ({ Wallet: ADDRESS, Token: ADDRESS, Amount }) as const),
    CreatedAt: new Date(NOW - minutesAgo * MINUTE).toISOString(),
    ExtraRaw: "0x" as const,
    ExtraDataParsed: null,
  };
}

function confirmed(total: string, changes: Partial<UnlistedCommitment> = {}): UnlistedCommitment {
  return { entityId: ENTITY, wallet: ADDRESS, tokens: [ADDRESS], total, at: NOW, ...changes };
}

describe("the curve of the total", () => {
  it("ends at the real total and begins at what is not listed", () => {
    const Commitments = [listed(ENTITY, 1, "30"), listed(OTHER, 9, "15", "5")];
    const curve = commitmentCurve({ TotalCommitmentAmount: "1050", Commitments });
    expect(curve.map(({ amount, total }) => [amount, total])).toEqual([
      [20n, 1020n],
      [30n, 1050n],
    ]);
    expect(curve.map(({ at }) => NOW - at)).toEqual([9 * MINUTE, MINUTE]);
  });

  it("goes by time, in whatever order Sonar lists", () => {
    const Commitments = [listed(OTHER, 9, "20"), listed(ENTITY, 1, "30")];
    expect(commitmentCurve({ TotalCommitmentAmount: "50", Commitments }).map(({ total }) => total)).toEqual([20n, 50n]);
  });

  it("never falls below zero where the list is newer than the total", () => {
    const Commitments = [listed(ENTITY, 1, "30"), listed(OTHER, 2, "20")];
    expect(commitmentCurve({ TotalCommitmentAmount: "10", Commitments }).map(({ total }) => total)).toEqual([0n, 10n]);
  });
});

describe("a confirmed commitment", () => {
  it.each([
    ["whose entity is not listed", [listed(OTHER, 1, "500")]],
    ["whose entity is listed with less", [listed(ENTITY, 1, "60", "39")]],
  ])("%s is not yet listed", (_name, list) => {
    expect(notYetListed([confirmed("100")], list, NOW)).toHaveLength(1);
  });

  it.each([
    ["with just its total", [listed(ENTITY, 1, "60", "40")]],
    ["with more, in capital letters", [listed(`0x${ENTITY.slice(2).toUpperCase()}`, 1, "101")]],
  ])("whose entity is listed %s is listed", (_name, list) => {
    expect(notYetListed([confirmed("100")], list, NOW)).toEqual([]);
  });

  it("stands for its entity alone: the newest one of each", () => {
    const [old, fresh, other] = [
      confirmed("100", { at: NOW - MINUTE }),
      confirmed("110"),
      confirmed("5", { entityId: OTHER, at: NOW - 1 }),
    ];
    expect(notYetListed([old, other, fresh], [], NOW)).toEqual([fresh, other]);
  });

  it("is not waited for without end", () => {
    expect(notYetListed([confirmed("100", { at: NOW - 15 * MINUTE })], [], NOW)).toEqual([]);
    expect(notYetListed([confirmed("100", { at: NOW - 15 * MINUTE + 1 })], [], NOW)).toHaveLength(1);
  });
});

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

describe("the symbols of tokens", () => {
  const tokens = [
    { address: ADDRESS, symbol: "USDC" },
    { address: "0x3333333333333333333333333333333333333333", symbol: "USDT" },
  ] as const;

  it("are named together, each once, and not at all while none is known", () => {
    expect(symbolsOf(tokens)).toBe("USDC and USDT");
    expect(symbolsOf([])).toBeUndefined();
  });

  it("are found whatever the case of the address", () => {
    expect(symbolsAt([ADDRESS.toUpperCase().replace("0X", "0x")], tokens)).toBe("USDC");
    expect(symbolsAt([ADDRESS], [])).toBeUndefined();
  });
});

describe("the tokens of an entity's total", () => {
  const amounts = { committed: 5n, cancelled: 0n, accepted: 0n, refundable: 5n, returned: 0n };
  const held = { wallet: ADDRESS, token: ADDRESS, ...amounts } as const;
  const gone = { ...held, token: OTHER, committed: 0n, cancelled: 5n } as const;
  const added = "0x3333333333333333333333333333333333333333";

  it("are those that something is left of, and the one that is added", () => {
    expect(totalTokens([held, gone])).toEqual([ADDRESS]);
    expect(totalTokens([held, gone], { token: added, amount: 1n })).toEqual([ADDRESS, added]);
  });

  it("are no more where nothing is added and only the price or the lockup changes", () => {
    expect(totalTokens([held], { token: added, amount: 0n })).toEqual([ADDRESS]);
  });
});

describe("the time axis of the chart", () => {
  const noon = Date.UTC(2026, 10, 21, 12) / 1000;

  it.each([
    ["days apart by their day", noon, 86_400, 1, "21 Nov"],
    ["within a day by their hour, in UTC", noon, 3_600, 1, "12:00"],
    ["at midnight by the day that begins", noon + 43_200, 3_600, 3, "22 Nov"],
  ])("marks times %s", (_name, time, step, index, text) => {
    expect(formatChartTime(time, step, index)).toBe(text);
  });
});
