import { describe, expect, it } from "vitest";
import { site } from "@/lib/config/site";
import type { Position } from "@/lib/purchase/position";
import {
  isOutdated,
  isSameReceipt,
  nextSteps,
  outcomeOfReceipt,
  parseReceipt,
  receiptFacts,
  receiptKey,
  receiptOf,
  type StoredReceipt,
} from "@/lib/purchase/receipt";
import { ANN, USDC } from "@/tests/support/purchase/some-purchase";

const HASH = `0x${"ab".repeat(32)}` as const;
const scope = {
  viewKey: "0123456789abcdef",
  chainId: 31337,
  contract: `0x${"5a".repeat(20)}`,
  entityId: `0x${"11".repeat(16)}`,
} as const;
const outcome = {
  kind: "commit",
  hash: HASH,
  wallet: ANN,
  block: 9n,
  token: USDC.address,
  increment: 125_500_000n,
  total: 135_500_000n,
} as const;
const at = Date.UTC(2026, 11, 20, 18);

function someReceipt(changes: Partial<StoredReceipt> = {}): StoredReceipt {
  const receipt = receiptOf(scope, outcome, { at, price: "0.0215 USDC", expected: "up to 5,837.2 ACME" });
  if (!receipt) throw new Error("no receipt");
  return { ...receipt, ...changes };
}

describe("a receipt that the contract no longer confirms", () => {
  const total = { committed: 0n, cancelled: 0n, accepted: 0n, refundable: 0n, returned: 0n };
  const position = (amount: bigint, block?: bigint): Position => ({
    state: amount > 0n ? "committed" : "none",
    ...{ bid: { amount, price: 0n, lockup: false }, total, rows: [], wallets: [] },
    ...(block !== undefined && { block }),
  });

  it("is outdated once a block from its own on has less: its block was replaced, or the commitment reduced", () => {
    expect(isOutdated(someReceipt(), position(0n, 9n))).toBe(true);
    expect(isOutdated(someReceipt(), position(outcome.total - 1n, 12n))).toBe(true);
    expect(isOutdated(someReceipt(), position(outcome.total, 9n))).toBe(false);
  });

  it("is not, as far as an older read, or one of an unknown block, can tell", () => {
    expect(isOutdated(someReceipt(), position(0n, 8n))).toBe(false);
    expect(isOutdated(someReceipt(), position(0n))).toBe(false);
    expect(isOutdated(someReceipt({ kind: "cancel" }), at({ refundable: 5n }, "committed", 8n))).toBe(false);
  });

  /** A position with these amounts, as read at a block. */
  const at = (amounts: Partial<Position["total"]>, state: Position["state"] = "committed", block = 12n): Position => ({
    ...position(5n, block),
    ...{ state, total: { ...total, ...amounts } },
  });

  it.each<[string, Partial<StoredReceipt>, Position, Position]>([
    [
      "a cancellation, once something can be taken back",
      { kind: "cancel", takenBack: "9" },
      at({ refundable: 9n }),
      at({ returned: 9n, cancelled: 9n }, "cancelled"),
    ],
    [
      "a cancellation that leaves an accepted part",
      { kind: "cancel", takenBack: "9" },
      at({ refundable: 9n, accepted: 5n }),
      at({ accepted: 5n, returned: 9n }),
    ],
    [
      "a reduction, once less has come back in all than at its time",
      { kind: "reduce", takenBack: "3", returned: "10" },
      at({ returned: 7n }),
      at({ returned: 10n }),
    ],
    [
      "a reduction of which only the amount is known",
      { kind: "reduce", takenBack: "3" },
      at({ returned: 0n }),
      at({ returned: 3n }),
    ],
    [
      "a refund, until the commitment is paid back",
      { kind: "refund", takenBack: "9" },
      at({ refundable: 9n }, "settled"),
      at({ returned: 9n }, "refunded"),
    ],
  ])("is outdated the same where money came back: %s", (_what, changes, without, having) => {
    expect(isOutdated(someReceipt(changes), without)).toBe(true);
    expect(isOutdated(someReceipt(changes), having)).toBe(false);
  });
});

describe("a stored receipt", () => {
  it("is read back as it was, with the outcome that it is about", () => {
    const read = parseReceipt(JSON.stringify(someReceipt()), scope);
    expect(read).toEqual(someReceipt());
    expect(read && outcomeOfReceipt(read)).toEqual(outcome);
  });

  it.each([
    ["no JSON", "{"],
    ["another kind", { kind: "approve" }],
    ["a hash that is none", { hash: "0x12" }],
    ["an amount that is none", { increment: "-1" }],
    ["a token that is none", { token: "USDC" }],
    ["a time without a date", { at: 9e15 }],
    ["words without end", { price: "1".repeat(201) }],
    ["words that are an object", { expected: {} }],
    ["another session's", { viewKey: "fedcba9876543210" }],
    ["another entity's", { entityId: `0x${"22".repeat(16)}` }],
    ["another sale's", { contract: `0x${"6b".repeat(20)}` }],
    ["another chain's", { chainId: 1 }],
  ])("that is broken or not this one's is none: %s", (_what, changes) => {
    const text = typeof changes === "string" ? changes : JSON.stringify({ ...someReceipt(), ...changes });
    expect(parseReceipt(text, scope)).toBeUndefined();
  });

  it("has a key of its own for each session, sale and entity, however they are written", () => {
    const shouted = { ...scope, contract: `0x${"5A".repeat(20)}`, entityId: scope.entityId } as const;
    expect(receiptKey(shouted)).toBe(receiptKey(scope));
    expect(receiptKey({ ...scope, viewKey: "other" })).not.toBe(receiptKey(scope));
  });

  it("is the same for one transaction, whoever noticed it; without a hash, for one time", () => {
    expect(isSameReceipt(someReceipt(), someReceipt({ at: at + 5 }))).toBe(true);
    expect(isSameReceipt(someReceipt(), someReceipt({ hash: `0x${"cd".repeat(32)}` }))).toBe(false);
    expect(isSameReceipt(someReceipt({ hash: undefined }), someReceipt({ hash: undefined, at: at + 5 }))).toBe(false);
  });

  it("is not made of an approval, which commits nothing", () => {
    expect(receiptOf(scope, { ...outcome, kind: "approve" }, { at })).toBeUndefined();
  });
});

describe("the facts of a receipt", () => {
  const facts = (changes: Partial<StoredReceipt> = {}) =>
    receiptFacts(someReceipt(changes), { token: USDC, totalSymbol: "USDC and USDT", entityName: "Ada Lovelace" });

  it("are exact, and name the tokens of the total", () => {
    expect(facts()).toMatchObject({
      kind: "commit",
      amount: "125.50 USDC",
      total: "135.50 USDC and USDT",
      price: "0.0215 USDC",
      expected: "up to 5,837.2 ACME",
      entityName: "Ada Lovelace",
    });
  });

  it("leave out a total that is the amount, and an amount that is zero", () => {
    expect(facts({ total: "125500000" })).not.toHaveProperty("total");
    expect(facts({ increment: "0" })).toMatchObject({ total: "135.50 USDC and USDT" });
    expect(facts({ increment: "0" })).not.toHaveProperty("amount");
  });

  it("have the amount that was asked for, where it is another one", () => {
    expect(facts({ increment: "25500000", asked: "125500000" })).toMatchObject({
      amount: "25.50 USDC",
      asked: "125.50 USDC",
    });
    expect(facts()).not.toHaveProperty("asked");
  });

  it("have both totals where another one was expected, also after a reload", () => {
    const reduction = { kind: "reduce", increment: undefined, takenBack: "100000000" } as const;
    const stored = someReceipt({ ...reduction, total: "0", expectedTotal: "100000000" });
    const read = parseReceipt(JSON.stringify(stored), scope);
    expect(read && receiptFacts(read, { token: USDC, entityName: "Ada Lovelace" })).toMatchObject({
      ...{ total: "0 USDC", expectedTotal: "100 USDC", ended: true },
    });
    expect(facts({ total: "125500000", expectedTotal: "100000000" })).toHaveProperty("total");
    expect(facts()).not.toHaveProperty("expectedTotal");
    expect(facts({ ...reduction, total: "1" })).not.toHaveProperty("ended");
    expect(parseReceipt(JSON.stringify({ ...stored, expectedTotal: "x" }), scope)).toBeUndefined();
  });

  it("of what came back have that amount", () => {
    expect(facts({ kind: "reduce", increment: undefined, takenBack: "25500000", total: "100000000" })).toMatchObject({
      amount: "25.50 USDC",
      total: "100 USDC and USDT",
    });
  });
});

describe("what happens next", () => {
  const closesAt = BigInt(at / 1000);
  const next = (kind: StoredReceipt["kind"], keepsAccepted = false) =>
    nextSteps({ kind, phase: { kind: "open", closesAt, secondsLeft: 60n }, keepsAccepted, texts: site.sale });

  it("after a commitment: listed, the close, the settlement and the refund", () => {
    const [listed, closes, ...rest] = next("commit");
    expect(listed).toMatch(/listed .* about a minute/);
    expect(closes).toMatch(/^The sale closes at 20 Dec 2026, 18:00 UTC\./);
    expect(rest).toEqual([site.sale.afterClose, site.sale.refund]);
  });

  it("says nothing of a close that is not known", () => {
    const known = nextSteps({ kind: "commit", phase: { kind: "open" }, keepsAccepted: false, texts: site.sale });
    expect(known.join(" ")).not.toMatch(/closes/);
  });

  it("after a cancellation: the end, unless a part was accepted", () => {
    expect(next("cancel")).toEqual(["This entity cannot commit to this sale again."]);
    expect(next("cancel", true)[0]).toMatch(/accepted part stays/);
  });

  it("after a reduction or a refund: what stays", () => {
    expect(next("reduce")[0]).toMatch(/rest stays committed/);
    const ended = { kind: "reduce", phase: { kind: "cancellation" }, keepsAccepted: false, ended: true } as const;
    expect(nextSteps({ ...ended, texts: site.sale })).toEqual(["This entity cannot commit to this sale again."]);
    expect(next("refund", true)[0]).toMatch(/accepted part stays/);
    expect(next("refund")).toEqual(["Nothing is left to do in this sale."]);
  });
});
