import { describe, expect, it } from "vitest";
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
    { hash: null, before: { block: "12", value: "0" } },
    { kind: "transfer" },
    { hash: "0x12" },
    { hash: `javascript:${"a".repeat(55)}` },
    { wallet: null },
    { total: "1e3" },
    { kind: "reduce", takenBack: 5 },
    { nonce: -1 },
    { sentAt: "now" },
    { chainId: 1 },
    { contract: OTHER },
    { entityId: `0x${"22".repeat(16)}` },
  ])("is nothing if it is broken or of something else: %j", (changes) => {
    expect(read(changes)).toBeUndefined();
  });

  it.each([null, "", "{", "null", "7", "[]"])("is nothing if it is no record: %s", (text) => {
    expect(parsePending(text, scope)).toBeUndefined();
  });

  it("has one place for a sale and an entity, however their ids are written", () => {
    expect(pendingKey({ ...scope, contract: "0x70997970c51812dc3a010c7d01b50e0d17dc79c8" })).toBe(pendingKey(scope));
  });
});
