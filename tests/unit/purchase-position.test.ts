import { describe, expect, it } from "vitest";
import {
  positionAction,
  positionIn,
  readPosition,
  returnedText,
  totalTokens,
  type EntityStateView,
  type Position,
  type PositionActionInput,
} from "@/lib/purchase/position";
import { SALE_STAGES } from "@/lib/sale/state";

const ENTITY = `0x${"11".repeat(16)}` as const;
const ALICE = `0x${"a1".repeat(20)}` as const;
const BOB = `0x${"b0".repeat(20)}` as const;
const USDC = `0x${"cc".repeat(20)}` as const;
const USDT = `0x${"dd".repeat(20)}` as const;

type WalletState = EntityStateView["walletStates"][number];
type Amounts = Partial<Record<typeof USDC | typeof USDT, bigint>>;

function tokenAmounts(amounts: Amounts): WalletState["committedAmountByToken"] {
  return [USDC, USDT].map((token) => ({ token, amount: amounts[token] ?? 0n }));
}

function wallet(addr: `0x${string}`, committed: Amounts, cancelled: Amounts = {}, accepted: Amounts = {}): WalletState {
  return {
    addr,
    entityID: ENTITY,
    committedAmountByToken: tokenAmounts(committed),
    cancelledAmountByToken: tokenAmounts(cancelled),
    acceptedAmountByToken: tokenAmounts(accepted),
  };
}

function entity(walletStates: WalletState[], amount: bigint, refunded = false): EntityStateView {
  const currentBid = { lockup: false, price: 0n, amount };
  return { entityID: ENTITY, bidTimestamp: 1_700_000_000, refunded, currentBid, walletStates };
}

const UNKNOWN: EntityStateView = {
  entityID: `0x${"0".repeat(32)}`,
  bidTimestamp: 0,
  refunded: false,
  currentBid: { lockup: false, price: 0n, amount: 0n },
  walletStates: [],
};

const two = [wallet(ALICE, { [USDC]: 100n, [USDT]: 20n }), wallet(BOB, { [USDC]: 30n })];

describe("the position of an entity", () => {
  it("that the contract does not know is none in every stage", () => {
    for (const stage of SALE_STAGES) {
      const { state, total, rows } = readPosition(UNKNOWN, stage);
      expect({ state, rows }).toEqual({ state: "none", rows: [] });
      expect(Object.values(total).every((amount) => amount === 0n)).toBe(true);
    }
  });

  it("that has committed lists every wallet and token that paid, and no others", () => {
    const { state, rows } = readPosition(entity(two, 150n), "commitment");
    expect(state).toBe("committed");
    expect(rows.map(({ wallet, token, committed }) => [wallet, token, committed])).toEqual([
      [ALICE, USDC, 100n],
      [ALICE, USDT, 20n],
      [BOB, USDC, 30n],
    ]);
  });

  it("that has committed could get all of it back", () => {
    expect(readPosition(entity(two, 150n), "cancellation").total).toEqual({
      committed: 150n,
      cancelled: 0n,
      accepted: 0n,
      refundable: 150n,
      returned: 0n,
    });
  });

  it("keeps the bid as the chain has it", () => {
    const view = { ...entity(two, 150n), currentBid: { lockup: true, price: 7n, amount: 150n } };
    expect(readPosition(view, "commitment").bid).toEqual({ lockup: true, price: 7n, amount: 150n });
  });

  it("that was cancelled has got back what each wallet paid", () => {
    const wallets = [wallet(ALICE, {}, { [USDC]: 100n, [USDT]: 20n }), wallet(BOB, {}, { [USDC]: 30n })];
    const { state, total, rows } = readPosition(entity(wallets, 0n, true), "cancellation");
    expect(state).toBe("cancelled");
    expect(total).toEqual({ committed: 0n, cancelled: 150n, accepted: 0n, refundable: 0n, returned: 150n });
    expect(rows.map(({ returned }) => returned)).toEqual([100n, 20n, 30n]);
  });

  it("that was cancelled stays so when the sale is done", () => {
    expect(readPosition(entity([wallet(ALICE, {}, { [USDC]: 5n })], 0n, true), "done").state).toBe("cancelled");
  });

  it("that was reduced in part is still committed, with the rest", () => {
    const { state, total } = readPosition(
      entity([wallet(ALICE, { [USDC]: 60n }, { [USDC]: 40n })], 60n),
      "cancellation",
    );
    expect({ state, total }).toEqual({
      state: "committed",
      total: { committed: 60n, cancelled: 40n, accepted: 0n, refundable: 60n, returned: 40n },
    });
  });

  it("of which a part was accepted and the rest cancelled keeps the accepted part, and nothing more can be got back", () => {
    const wallets = [wallet(ALICE, { [USDC]: 70n }, { [USDC]: 30n }, { [USDC]: 70n })];
    const total = { committed: 70n, cancelled: 30n, accepted: 70n, refundable: 0n, returned: 30n };
    expect(readPosition(entity(wallets, 70n), "cancellation")).toMatchObject({ state: "committed", total });
    expect(readPosition(entity(wallets, 70n), "done")).toMatchObject({ state: "settled", total });
  });

  it("that was ended or reduced is not ascribed to anybody: the chain does not record who did it, and the stage can go back", () => {
    const ended = [wallet(ALICE, {}, { [USDC]: 100n })];
    const reduced = [wallet(ALICE, { [USDC]: 60n }, { [USDC]: 40n })];
    for (const stage of ["commitment", "cancellation", "settlement"] as const) {
      const position = readPosition(entity(ended, 0n, true), stage);
      expect(position).toMatchObject({ state: "cancelled", total: { committed: 0n, returned: 100n } });
      expect(returnedText(position)).toMatch(/cancelled by the entity or taken down by the sale's operator/);
      const part = returnedText(readPosition(entity(reduced, 60n), stage));
      expect(part).toMatch(/taken back by the entity or taken down by the sale's operator/);
    }
    expect(returnedText(readPosition(entity(two, 150n), "commitment"))).toBeUndefined();
  });

  it("with an allocation is settled, and what was not accepted can be paid back", () => {
    const wallets = [wallet(ALICE, { [USDC]: 100n }, {}, { [USDC]: 70n }), wallet(BOB, { [USDC]: 30n })];
    const { state, total, rows } = readPosition(entity(wallets, 130n), "done");
    expect(state).toBe("settled");
    expect(total).toMatchObject({ accepted: 70n, refundable: 60n, returned: 0n });
    expect(rows.map(({ refundable }) => refundable)).toEqual([30n, 30n]);
  });

  it.each([
    ["without an allocation", two],
    ["with an allocation, which can still be overwritten,", [wallet(ALICE, { [USDC]: 150n }, {}, { [USDC]: 70n })]],
  ])("%s is settled only when the sale is done", (_name, wallets) => {
    const states = SALE_STAGES.map((stage) => readPosition(entity(wallets, 150n), stage).state);
    expect(states).toEqual(["committed", "committed", "committed", "committed", "settled"]);
  });

  it("that was paid back after the settlement is not offered it again, although the contract keeps the amounts", () => {
    const wallets = [wallet(ALICE, { [USDC]: 100n }, {}, { [USDC]: 70n }), wallet(BOB, { [USDC]: 30n })];
    const { state, total } = readPosition(entity(wallets, 130n, true), "done");
    expect(state).toBe("refunded");
    expect(total).toEqual({ committed: 130n, cancelled: 0n, accepted: 70n, refundable: 0n, returned: 60n });
  });

  it("that got nothing and was paid back is refunded and not cancelled", () => {
    expect(readPosition(entity(two, 150n, true), "done")).toMatchObject({
      state: "refunded",
      total: { refundable: 0n, returned: 150n },
    });
  });

  it("that was accepted in full after a reduction is refunded and not cancelled", () => {
    const wallets = [wallet(ALICE, { [USDC]: 60n }, { [USDC]: 40n }, { [USDC]: 60n })];
    expect(readPosition(entity(wallets, 60n, true), "done")).toMatchObject({
      state: "refunded",
      total: { refundable: 0n, returned: 40n },
    });
  });

  it("adds up what one token has in several lists, whatever the case of its address", () => {
    const shouting: `0x${string}` = `0x${"CC".repeat(20)}`;
    const state: WalletState = {
      ...wallet(ALICE, {}),
      committedAmountByToken: [{ token: USDC, amount: 100n }],
      cancelledAmountByToken: [],
      acceptedAmountByToken: [{ token: shouting, amount: 70n }],
    };
    const { rows } = readPosition(entity([state], 100n), "settlement");
    expect(rows).toMatchObject([{ committed: 100n, accepted: 70n, refundable: 30n }]);
  });
});

it("a wallet that the contract has tied to the entity by a bid of nothing is one of its wallets", () => {
  const { rows, wallets } = readPosition(
    entity([wallet(ALICE, { [USDC]: 100n }), wallet(BOB, {})], 100n),
    "commitment",
  );
  expect([rows.length, wallets]).toEqual([1, [ALICE, BOB]]);
});

describe("the way back that is open", () => {
  const amounts = { committed: 5n, cancelled: 0n, accepted: 0n, refundable: 5n, returned: 0n };
  const position: Position = {
    state: "committed",
    bid: { lockup: false, price: 0n, amount: 5n },
    total: amounts,
    rows: [{ ...amounts, wallet: ALICE, token: BOB }],
    wallets: [ALICE],
  };
  const at = (changes: Partial<PositionActionInput>) =>
    positionAction({
      phase: "open",
      position,
      claimRefundEnabled: false,
      reduceCommitmentEnabled: false,
      wallet: ALICE,
      ...changes,
    });

  it.each(["not-open", "opens-later", "open", "closed", "paused", "settlement"] as const)(
    "is none while %s",
    (phase) => {
      expect(at({ phase, claimRefundEnabled: true })).toEqual({ kind: "none" });
    },
  );

  it("is to cancel in the cancellation, by a wallet of the entity", () => {
    expect(at({ phase: "cancellation" })).toEqual({ kind: "cancel" });
    expect(at({ phase: "cancellation", wallet: BOB })).toMatchObject({
      kind: "cancel",
      problem: "Switch to one of this entity's wallets: 0xa1a1a1…a1a1a1.",
    });
  });

  it("is also for a wallet of the entity that has committed nothing itself: the contract accepts its call", () => {
    const tied = { ...position, wallets: [ALICE, BOB] };
    expect(at({ phase: "cancellation", position: tied, wallet: BOB })).toEqual({ kind: "cancel" });
  });

  it("is also to reduce where the sale has that, in the cancellation only and not of what was accepted", () => {
    const on = { reduceCommitmentEnabled: true };
    expect(at({ phase: "cancellation", ...on })).toEqual({ kind: "cancel", canReduce: true });
    expect(at({ phase: "cancellation", ...on, wallet: BOB })).toMatchObject({
      canReduce: true,
      problem: expect.stringMatching(/^Switch/),
    });
    for (const phase of ["open", "closed", "paused", "settlement"] as const)
      expect(at({ phase, ...on })).toEqual({ kind: "none" });
    const accepted = { ...position, total: { ...amounts, accepted: 5n, refundable: 0n } };
    expect(at({ phase: "cancellation", ...on, position: accepted })).toEqual({ kind: "none" });
  });

  it("asks for a wallet where none is connected", () => {
    const { wallet: _, ...rest } = {
      phase: "cancellation" as const,
      position,
      claimRefundEnabled: false,
      reduceCommitmentEnabled: false,
      wallet: ALICE,
    };
    expect(positionAction(rest)).toMatchObject({ problem: expect.stringMatching(/^Connect/) });
  });

  it("is to claim at the end where that is allowed, else to wait", () => {
    expect(at({ phase: "done", claimRefundEnabled: true })).toEqual({ kind: "claim-refund" });
    expect(at({ phase: "done" })).toEqual({ kind: "refund-automatic" });
  });

  it("is none once nothing is left to pay back", () => {
    const paid = { ...position, total: { ...amounts, refundable: 0n } };
    expect(at({ phase: "done", claimRefundEnabled: true, position: paid })).toEqual({ kind: "none" });
  });
});

describe("the tokens of an entity's total", () => {
  const amounts = { committed: 5n, cancelled: 0n, accepted: 0n, refundable: 5n, returned: 0n };
  const held = { wallet: ALICE, token: USDC, ...amounts } as const;
  const gone = { ...held, token: USDT, committed: 0n, cancelled: 5n } as const;
  const added = "0x3333333333333333333333333333333333333333";

  it("are those that something is left of, and the one that is added", () => {
    expect(totalTokens([held, gone])).toEqual([USDC]);
    expect(totalTokens([held, gone], { token: added, amount: 1n })).toEqual([USDC, added]);
  });

  it("are no more where nothing is added and only the price or the lockup changes", () => {
    expect(totalTokens([held], { token: added, amount: 0n })).toEqual([USDC]);
  });
});

describe("the position of one entity", () => {
  it("is found by any EntityID, and there is none for the names that every object has", () => {
    const position = { state: "none" } as Position;
    for (const entityID of ["__proto__", "constructor", "toString"]) {
      expect(positionIn([{ entityID, position }], entityID)).toBe(position);
      expect(positionIn([{ entityID: "AUX-1", position }], entityID)).toBeUndefined();
    }
    expect(positionIn(undefined, "AUX-1")).toBeUndefined();
  });
});
