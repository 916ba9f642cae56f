import { describe, expect, it } from "vitest";
import { DECLINE, declineReason } from "@/lib/purchase/decline";
import type { Position } from "@/lib/purchase/position";
import { ANN, BEN, USDC } from "@/tests/support/purchase/some-purchase";

const NOTHING = { committed: 0n, cancelled: 0n, accepted: 0n, refundable: 0n, returned: 0n };

/** The position of an entity of two wallets, each with what it has committed and what has come back to it. */
function position(block: bigint | undefined, ann: [bigint, bigint], ben: [bigint, bigint]): Position {
  const rows = [
    { wallet: ANN, of: ann },
    { wallet: BEN, of: ben },
  ].map(({ wallet, of: [committed, returned] }) => ({
    ...{ ...NOTHING, wallet, token: USDC.address, committed, refundable: committed },
    ...{ cancelled: returned, returned },
  }));
  const amount = ann[0] + ben[0];
  const total = { ...NOTHING, committed: amount, refundable: amount, returned: ann[1] + ben[1] };
  const bid = { amount, price: 0n, lockup: false };
  return {
    state: amount > 0n ? "committed" : "cancelled",
    bid,
    total,
    rows,
    wallets: [ANN, BEN],
    ...(block !== undefined && { block }),
  };
}

const before = position(5n, [100n, 0n], [100n, 0n]);
const later = (ann: [bigint, bigint], ben: [bigint, bigint], block: bigint | undefined = 6n) =>
  position(block, ann, ben);

const REDUCE = {
  kind: "reduce",
  amounts: { token: USDC.address, takenBack: 100n, total: 100n },
  base: { position: before, rows: [{ wallet: ANN, token: USDC.address, amount: 100n }] },
} as const;
const CANCEL = { kind: "cancel", amounts: { takenBack: 200n }, base: { position: before } } as const;
const COMMIT = {
  kind: "commit",
  amounts: { token: USDC.address, increment: 50n, total: 250n },
  base: { position: before },
} as const;

describe("what the wallet is asked for is to be declined because the commitment has changed", () => {
  it.each([
    ["a reduction, where another wallet has taken back the same amount", REDUCE, later([100n, 0n], [0n, 100n])],
    ["a reduction, where another wallet has added something", REDUCE, later([100n, 0n], [130n, 0n])],
    ["a reduction, where the commitment has ended", REDUCE, later([0n, 100n], [0n, 100n])],
    ["a cancellation, where a part was taken back", CANCEL, later([100n, 0n], [70n, 30n])],
    ["a commitment, where a part was taken down", COMMIT, later([100n, 0n], [70n, 30n])],
  ])("%s", (_what, asked, now) => {
    const phase = { kind: asked.kind === "commit" ? "open" : "cancellation" } as const;
    expect(declineReason(asked, phase, now)).toBe("changed");
  });

  it.each([
    ["as it was", REDUCE, later([100n, 0n], [100n, 0n])],
    ["as a reduction that the wallet has sent already leaves it", REDUCE, later([0n, 100n], [100n, 0n])],
    ["as a commitment that the wallet has sent already leaves it", COMMIT, later([150n, 0n], [100n, 0n])],
    ["of an earlier block, from a node that is behind", REDUCE, later([100n, 0n], [130n, 0n], 4n)],
    ["of a block that is not known", REDUCE, position(undefined, [100n, 0n], [130n, 0n])],
    ["of another refund", { ...CANCEL, kind: "refund" } as const, later([100n, 0n], [130n, 0n])],
  ])("but not where the position is %s", (_what, asked, now) => {
    const phases = { commit: "open", reduce: "cancellation", cancel: "cancellation", refund: "done" } as const;
    expect(declineReason(asked, { kind: phases[asked.kind] }, now)).toBeUndefined();
  });

  it("or because everything was paid back, by whomever", () => {
    const now = later([0n, 100n], [0n, 100n]);
    expect(declineReason(CANCEL, { kind: "cancellation" }, now)).toBe("paid-back");
    expect(declineReason({ ...CANCEL, kind: "refund" }, { kind: "done" }, now)).toBe("paid-back");
    const older = later([0n, 100n], [0n, 100n], 4n);
    expect(declineReason({ ...CANCEL, kind: "refund" }, { kind: "done" }, older)).toBeUndefined();
  });

  it("or because this site has paused commitments, of which the contract knows nothing: it can still take the amount", () => {
    expect(declineReason(COMMIT, { kind: "paused-by-site" }, before)).toBe("paused-by-site");
    expect(DECLINE["paused-by-site"]).toContain("can still take the amount if you confirm");
    expect(declineReason(COMMIT, { kind: "paused" }, before)).toBe("not-accepted");
  });

  it("or because the sale no longer accepts it, which is said first", () => {
    expect(declineReason(REDUCE, { kind: "settlement" }, later([100n, 0n], [130n, 0n]))).toBe("not-accepted");
    expect(declineReason({}, { kind: "settlement" }, before)).toBeUndefined();
  });

  it("what the operator has switched off meanwhile is to be declined, and nothing else", () => {
    const off = { claimRefundEnabled: false, reduceCommitmentEnabled: false };
    const reasons = (["reduce", "cancel"] as const).map((kind) =>
      declineReason({ kind }, { kind: "cancellation" }, before, off),
    );
    expect(reasons).toEqual(["not-accepted", undefined]);
    expect(declineReason({ kind: "refund" }, { kind: "done" }, before, off)).toBe("not-accepted");
  });
});
