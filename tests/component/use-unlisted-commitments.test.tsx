import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { recordOutcome, useUnlistedCommitments } from "@/hooks/use-unlisted-commitments";
import type { ConfirmedPurchase } from "@/lib/purchase/progress";

const SALE = { chainId: 1, contract: "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0", viewKey: "view" } as const;
const ENTITY = "0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const OTHER = "0xbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const TOKEN = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const HASH = `0x${"ab".repeat(32)}` as const;

const AMOUNTS = { increment: 2n, total: 7n };
const ROW = {
  wallet: WALLET,
  token: WALLET,
  committed: 5n,
  cancelled: 0n,
  accepted: 0n,
  refundable: 5n,
  returned: 0n,
} as const;
const committed: ConfirmedPurchase = {
  kind: "commit",
  hash: HASH,
  wallet: WALLET,
  block: 9n,
  token: TOKEN,
  ...AMOUNTS,
};
const cancelled: ConfirmedPurchase = { kind: "cancel", hash: HASH, wallet: WALLET, block: 10n };

function mount() {
  return renderHook(() => useUnlistedCommitments(SALE)).result;
}

beforeEach(() => sessionStorage.clear());

it("a confirmed commitment is remembered with the wallet that sent it, and replaces an earlier one", () => {
  const result = mount();
  act(() => recordOutcome(SALE, ENTITY, committed, []));
  act(() => recordOutcome(SALE, ENTITY, { ...committed, total: 9n }, [ROW]));
  expect(result.current).toEqual([
    { entityId: ENTITY, wallet: WALLET, tokens: [WALLET, TOKEN], total: "9", at: expect.any(Number) },
  ]);
});

it.each(["cancel", "reduce"] as const)(
  "after a %s, a commitment that Sonar will not list is forgotten, and others stay",
  (kind) => {
    const result = mount();
    act(() => recordOutcome(SALE, ENTITY, committed, []));
    act(() => recordOutcome(SALE, OTHER, committed, []));
    act(() => recordOutcome(SALE, `0x${ENTITY.slice(2).toUpperCase()}`, { ...cancelled, kind }, []));
    expect(result.current.map(({ entityId }) => entityId)).toEqual([OTHER]);
  },
);

it.each(["approve", "refund"] as const)("another confirmed transaction (%s) changes nothing", (kind) => {
  const result = mount();
  act(() => recordOutcome(SALE, ENTITY, committed, []));
  const before = result.current;
  act(() => recordOutcome(SALE, ENTITY, { ...committed, kind, total: 9n }, []));
  expect(result.current).toEqual(before);
});

it("a commitment to another contract, or on another chain, does not belong to this sale", () => {
  const result = mount();
  act(() => recordOutcome({ ...SALE, contract: WALLET }, ENTITY, committed, []));
  act(() => recordOutcome({ ...SALE, chainId: 2 }, ENTITY, committed, []));
  expect(result.current).toEqual([]);
});

it("a commitment is not shown to the next user of this tab, nor to a visitor who is not signed in", () => {
  act(() => recordOutcome(SALE, ENTITY, committed, []));
  const shown = (viewKey: string) => renderHook(() => useUnlistedCommitments({ ...SALE, viewKey })).result.current;
  expect(shown("view")).toHaveLength(1);
  expect([shown("next"), shown("")]).toEqual([[], []]);
});
