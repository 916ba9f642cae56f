import { describe, expect, it } from "vitest";
import { makeCommitment, CommitmentBook } from "@/sandbox/echo/commitments/commitment-book";
import { HISTORY_SIZE, PAYMENT_TOKEN, commitmentHistory } from "@/sandbox/echo/commitments/history";

const UNTIL = Date.UTC(2026, 10, 21, 12);

describe("the sale's history", () => {
  const history = commitmentHistory(UNTIL);

  it("is the same every time", () => {
    expect(commitmentHistory(UNTIL)).toEqual(history);
  });

  it("is 321 entities over the five days before, oldest first", () => {
    expect(new Set(history.map((row) => row.SaleSpecificEntityID)).size).toBe(HISTORY_SIZE);
    const times = history.map((row) => Date.parse(row.CreatedAt));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(UNTIL);
    expect(times[0]).toBeGreaterThan(UNTIL - 5 * 86_400_000);
  });

  it("has realistic totals", () => {
    const total = BigInt(new CommitmentBook(history).read().TotalCommitmentAmount);
    expect(total).toBeGreaterThan(500_000n * 1_000_000n);
    expect(total).toBeLessThan(3_000_000n * 1_000_000n);
  });
});

describe("commitment data", () => {
  it("lists the 100 newest, newest first, while the aggregates cover everything", () => {
    const history = commitmentHistory(UNTIL);
    const data = new CommitmentBook(history).read();
    expect(data.Commitments).toEqual(history.slice(-100).reverse());
    expect(data.UniqueCommitmentCount).toBe(HISTORY_SIZE);
    const amounts = history.flatMap((row) => row.Amounts).map(({ Amount }) => BigInt(Amount));
    expect(BigInt(data.TotalCommitmentAmount)).toBe(amounts.reduce((sum, amount) => sum + amount, 0n));
  });

  it("counts an entity once: its new total replaces the old one and comes first", () => {
    const book = new CommitmentBook(commitmentHistory(UNTIL));
    const entity = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const before = BigInt(book.read().TotalCommitmentAmount);
    for (const Amount of ["5000000", "7000000"]) {
      book.record(makeCommitment(entity, [{ Wallet: "0x01", Token: PAYMENT_TOKEN, Amount }], UNTIL));
      book.record(makeCommitment("0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", [], UNTIL));
      book.record(makeCommitment(entity, [{ Wallet: "0x01", Token: PAYMENT_TOKEN, Amount }], UNTIL));
    }
    const data = book.read();
    expect(data.Commitments[0]).toMatchObject({ SaleSpecificEntityID: entity, Amounts: [{ Amount: "7000000" }] });
    expect(data.UniqueCommitmentCount).toBe(HISTORY_SIZE + 2);
    expect(BigInt(data.TotalCommitmentAmount) - before).toBe(7_000_000n);
  });

  it("is zero before the first commitment", () => {
    expect(new CommitmentBook([]).read()).toMatchObject({
      TotalCommitmentAmount: "0",
      UniqueCommitmentCount: 0,
      Commitments: [],
    });
  });
});
