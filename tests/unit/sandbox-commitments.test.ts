import { describe, expect, it } from "vitest";
import { auctionAllocations, clearingPrice, type AuctionBid } from "@/sandbox/chain/auction";
import { makeCommitment, CommitmentBook } from "@/sandbox/echo/commitments/commitment-book";
import { seededRandom } from "@/tests/support/seeded-random";
import { HISTORY_SIZE, commitmentHistory } from "@/sandbox/echo/commitments/history";

const PAYMENT_TOKEN = "0x5fbdb2315678afecb367f032d93f642f64180aa3";
const UNTIL = Date.UTC(2026, 10, 21, 12);

describe("the sale's history", () => {
  const history = commitmentHistory(UNTIL, PAYMENT_TOKEN);

  it("is the same every time", () => {
    expect(commitmentHistory(UNTIL, PAYMENT_TOKEN)).toEqual(history);
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
    const history = commitmentHistory(UNTIL, PAYMENT_TOKEN);
    const data = new CommitmentBook(history).read();
    expect(data.Commitments).toEqual(history.slice(-100).reverse());
    expect(data.UniqueCommitmentCount).toBe(HISTORY_SIZE);
    const amounts = history.flatMap((row) => row.Amounts).map(({ Amount }) => BigInt(Amount));
    expect(BigInt(data.TotalCommitmentAmount)).toBe(amounts.reduce((sum, amount) => sum + amount, 0n));
  });

  it("counts an entity once: its new total replaces the old one and comes first", () => {
    const book = new CommitmentBook(commitmentHistory(UNTIL, PAYMENT_TOKEN));
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

describe("the estimated clearing price", () => {
  /** 10 tokens on offer, at 0.0215 each in the lowest price step: `cost` is all of them at a price of so many steps. */
  const onOffer = 10n;
  const cost = (steps: bigint) => steps * onOffer * 21_500n;

  it.each([
    { title: "is the lowest price without bids", bids: [], price: 1n },
    { title: "is the lowest price while tokens are left", bids: [{ price: 9n, amount: cost(1n) - 1n }], price: 1n },
    { title: "is as high as the bids above it need", bids: [{ price: 9n, amount: cost(4n) + 1n }], price: 5n },
    { title: "is not higher than they need", bids: [{ price: 9n, amount: cost(5n) }], price: 5n },
    { title: "is never above the bids, however much they are", bids: [{ price: 3n, amount: cost(50n) }], price: 3n },
    {
      title: "counts only the bids that accept it",
      bids: [
        { price: 1n, amount: cost(100n) },
        { price: 2n, amount: cost(1n) },
        { price: 6n, amount: cost(3n) },
        { price: 5n, amount: cost(1n) },
      ],
      price: 4n,
    },
    {
      title: "is a lower bid's price if that bid is needed to buy everything",
      bids: [
        { price: 8n, amount: cost(2n) },
        { price: 3n, amount: cost(9n) },
      ],
      price: 3n,
    },
    {
      title: "does not move for a bid that is too small to buy anything",
      bids: [
        { price: 3n, amount: cost(3n) },
        { price: 4n, amount: 1n },
      ],
      price: 3n,
    },
  ])("$title", ({ bids, price }) => {
    expect(clearingPrice(bids, onOffer)).toBe(price);
    expect(clearingPrice(bids.toReversed(), onOffer), "in any order").toBe(price);
  });

  it("is published in the form of a commitment's price, from every commitment, and only in an auction", () => {
    const book = new CommitmentBook(commitmentHistory(UNTIL, PAYMENT_TOKEN));
    expect(book.read([], "auction")).toMatchObject({ ClearingPriceMicroUSD: "21500", OfferedTokenDecimals: 18 });
    const bid = [{ Wallet: "0x01", Token: PAYMENT_TOKEN, Amount: "100000000000" }] as const;
    book.record(makeCommitment("0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", [...bid], UNTIL, 20n));
    expect(book.read([], "auction")).toMatchObject({
      ClearingPriceNumerator: "107500",
      ClearingPriceDenominator: "1000000000000000000",
      ClearingPriceMicroUSD: "107500",
    });
    expect(Object.keys(book.read()).filter((field) => field.startsWith("Clearing"))).toEqual([]);
  });
});

describe("a settlement at the clearing price", () => {
  const ADDRESS = `0x${"ab".repeat(20)}` as const;
  /** An entity whose bid is paid in parts, each from a wallet and in a token of its own. */
  const entity = (price: bigint, ...parts: readonly bigint[]): Parameters<typeof auctionAllocations>[0][number] => ({
    entityID: ADDRESS,
    bidTimestamp: 1,
    refunded: false,
    currentBid: { lockup: false, price, amount: parts.reduce((sum, part) => sum + part, 0n) },
    walletStates: parts.map((amount) => ({
      addr: ADDRESS,
      entityID: ADDRESS,
      committedAmountByToken: [{ token: ADDRESS, amount }],
      cancelledAmountByToken: [],
      acceptedAmountByToken: [],
    })),
  });
  const accepted = (...entities: Parameters<typeof entity>[]) =>
    auctionAllocations(
      entities.map((one) => entity(...one)),
      10n,
    ).map(({ acceptedAmount }) => acceptedAmount);
  const cost = (steps: bigint) => steps * 10n * 21_500n;

  it("accepts bids above it in full, gives those at it what is left, and those below it nothing", () => {
    expect(accepted([9n, cost(2n)], [3n, cost(4n)], [2n, cost(1n)])).toEqual([cost(2n), cost(1n), 0n]);
  });

  it("shares what is left without losing a unit, over entities, wallets and tokens", () => {
    const shares = accepted([3n, 400_000n, 300_001n], [8n, cost(1n)], [3n, 99_999n, 7n]);
    expect(
      shares.reduce((sum, share) => sum + share, 0n),
      "all tokens at this price",
    ).toBe(cost(3n));
    expect(shares).toEqual([214_998n, 161_249n, cost(1n), 53_749n, 4n]);
  });

  it("accepts everything while tokens are left", () => {
    expect(accepted([0n, 5n], [7n, 3n])).toEqual([5n, 3n]);
  });

  it("never sells more than there is, whatever the bids are", () => {
    const random = seededRandom(7);
    for (let round = 0; round < 200; round += 1) {
      const bids: AuctionBid[] = Array.from({ length: 1 + Math.floor(random() * 8) }, () => ({
        price: BigInt(Math.floor(random() * 21)),
        amount: BigInt(Math.floor(random() * 2_000_000)),
      }));
      const price = clearingPrice(
        bids.map((bid) => ({ ...bid, price: bid.price || 1n })),
        10n,
      );
      const total = accepted(...bids.map(({ price, amount }) => [price, amount] satisfies [bigint, bigint])).reduce(
        (a, b) => a + b,
        0n,
      );
      expect(total).toBeLessThanOrEqual(cost(price));
    }
  });
});
