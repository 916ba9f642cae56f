import { describe, expect, it } from "vitest";
import { commitmentCurve, notYetListed, parseUnlisted, type UnlistedCommitment } from "@/lib/sale/commitments";

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

describe("commitments that the browser has stored", () => {
  it("are left out one by one where they are broken", () => {
    const good = confirmed("100");
    const broken = [
      null,
      { ...good, at: 9e15 },
      { ...good, at: -1 },
      { ...good, total: "x" },
      { ...good, total: "9".repeat(79) },
      { ...good, wallet: "0x12" },
    ];
    expect(parseUnlisted(JSON.stringify([...broken, good]))).toEqual([good]);
  });
});
