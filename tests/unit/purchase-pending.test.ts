import { describe, expect, it } from "vitest";
import { effectOf } from "@/lib/wallet/transactions/effect";
import { parsePending, pendingKey, type PendingTransaction } from "@/lib/purchase/pending";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const HASH = `0x${"ab".repeat(32)}` as const;

describe("what is remembered of a transaction", () => {
  const scope = { chainId: 31337, contract: WALLET, entityId: `0x${"11".repeat(16)}` } as const;
  const record: PendingTransaction = { ...scope, kind: "commit", hash: HASH, wallet: OTHER, sentAt: 1, nonce: 3 };
  const read = (changes: object) => parsePending(JSON.stringify({ ...record, ...changes }), scope);

  it("is read back as it was", () => {
    expect(read({ total: "5", increment: "5", token: WALLET })).toMatchObject({ ...record, total: "5" });
  });

  it.each(["commit", "reset-allowance", "approve", "reduce", "cancel", "refund"])("can be of the kind %s", (kind) => {
    expect(read({ kind })).toEqual({ ...record, kind });
  });

  it("needs no hash where the state before it is known", () => {
    const before = { block: "12", value: "0" };
    const { hash: _hash, ...hashless } = record;
    expect(parsePending(JSON.stringify({ ...hashless, before }), scope)).toEqual({ ...hashless, before });
    expect(read({ before })).toEqual({ ...record, before });
    expect(read({ fallback: before })).toEqual({ ...record, fallback: before });
    const bid = { kind: "reduce", before: { block: "12", value: "5000000:3:false:true" } };
    expect(read(bid)).toEqual({ ...record, ...bid });
    const terms = { increment: "0", before: bid.before };
    expect(read(terms)).toEqual({ ...record, ...terms });
  });

  it.each([
    { hash: null },
    { hash: undefined },
    { hash: {} },
    { hash: 7 },
    { hash: "" },
    { before: null },
    { before: {} },
    { fallback: {} },
    { before: { block: 12, value: "0" } },
    { before: { block: "12" } },
    { before: { block: "x", value: "0" } },
    { before: { block: "12", value: "" } },
    { before: { block: "12", value: "-1" } },
    { before: { block: "12", value: "5:0:false:false" } },
    { fallback: { block: "12", value: "x" } },
    { increment: "0", before: { block: "12", value: "5" } },
    ...["reduce", "cancel", "refund"].flatMap((kind) =>
      ["x:0:false:false", "", ":", "5", "5:0:false", "5:x:false:false", "5:0:maybe:false"].map((value) => ({
        kind,
        before: { block: "12", value },
      })),
    ),
    { hash: null, before: { block: "12", value: "0" } },
    { kind: "transfer" },
    { hash: "0x12" },
    { hash: `javascript:${"a".repeat(55)}` },
    { wallet: null },
    { total: "1e3" },
    { kind: "reduce", takenBack: 5 },
    { nonce: -1 },
    { terms: { price: 3, lockup: true } },
    { terms: { price: "3" } },
    { sentAt: "now" },
    { sentAt: 9e15 },
    { chainId: 1 },
    { contract: OTHER },
    { entityId: `0x${"22".repeat(16)}` },
  ])("is nothing if it is broken or of something else: %j", (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it.each([null, "", "{", "null", "7", "[]"])("is nothing if it is no record: %s", (text) => {
    expect(parsePending(text, scope)).toBeUndefined();
  });

  it.each<[string, object, object | undefined]>([
    [
      "a commitment",
      { token: OTHER, increment: "5", total: "7" },
      { of: "commitment", token: OTHER, increment: 5n, total: 7n },
    ],
    [
      "new terms",
      { increment: "0", total: "7", terms: { price: "3", lockup: true } },
      { of: "terms", price: 3n, lockup: true },
    ],
    ["new terms that are not said", { increment: "0", total: "7" }, undefined],
    ["a reduction", { kind: "reduce", takenBack: "2", total: "5" }, { of: "reduction", amount: 2n, total: 5n }],
    ["a reduction of an amount that is not said", { kind: "reduce", takenBack: "2" }, undefined],
    ["a cancellation", { kind: "cancel", takenBack: "5" }, { of: "cancel" }],
    ["a refund", { kind: "refund" }, { of: "refund" }],
  ])("tells its effect from others': %s", (_what, changes, effect) => {
    const stored = read(changes);
    const { entityId } = scope;
    expect(stored && effectOf(stored)).toEqual(effect && { wallet: OTHER, entityId, ...effect });
  });

  it("tells the allowance that an approval changes", () => {
    const stored = read({ kind: "approve", token: WALLET });
    expect(stored && effectOf(stored)).toEqual({ of: "allowance", wallet: OTHER, token: WALLET });
  });

  it("has one place for a sale and an entity, however their ids are written", () => {
    expect(pendingKey({ ...scope, contract: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8" })).toBe(pendingKey(scope));
  });
});
