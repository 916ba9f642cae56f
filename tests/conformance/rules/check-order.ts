import { expect } from "vitest";
import type { Hex } from "viem";
import { rule, type Rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import type { BidOptions } from "@/tests/conformance/support/bid-call";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** Breaks one rule by a change to the sale, to the bid, or both. */
interface Defect {
  error: string;
  prepare?: (sale: SaleBench) => Promise<void>;
  bid?: (now: number) => Partial<BidOptions>;
}

const zeroEntity: Hex = `0x${"0".repeat(32)}`;
const unsigned: Hex = `0x${"11".repeat(64)}1d`;

async function cancel(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ amount: 1000n, price: 7 }));
  await sale.control.setStage("Cancellation");
  await sale.accepted(sale.call(ALICE.address, { functionName: "cancelBid" }));
  await sale.control.setStage("Commitment");
}

async function bidBefore(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ amount: 1000n, price: 7, lockup: true }));
}

const stage: Defect = { error: "InvalidStage", prepare: (sale) => sale.control.setStage("Settlement") };
const paused: Defect = { error: "SalePaused", prepare: (sale) => sale.control.setPaused(true) };
const uuid: Defect = { error: "InvalidSaleUUID", bid: () => ({ permit: { SaleUUID: `0x${"5a".repeat(16)}` } }) };
const expired: Defect = { error: "PurchasePermitExpired", bid: (now) => ({ permit: { ExpiresAt: now } }) };
const sender: Defect = { error: "InvalidSender", bid: () => ({ permit: { Wallet: BOB.address } }) };
const signer: Defect = { error: "ECDSAInvalidSignature", bid: () => ({ signature: unsigned }) };
const token: Defect = { error: "InvalidPaymentToken", bid: () => ({ token: STRANGER.address }) };
const window: Defect = { error: "BidOutsideAllowedWindow", bid: (now) => ({ permit: { ClosesAt: now } }) };
const zero: Defect = { error: "ZeroAmount", bid: () => ({ amount: 0n }) };
const price: Defect = { error: "BidPriceExceedsMaxPrice", bid: () => ({ price: 9, permit: { MaxPrice: 8 } }) };
const lowPrice: Defect = { error: "BidPriceBelowMinPrice", bid: () => ({ price: 2, permit: { MinPrice: 3 } }) };
const small: Defect = { error: "BidBelowMinAmount", bid: () => ({ amount: 500n, permit: { MinAmount: "2000" } }) };
const payload: Defect = { error: "(no data)", bid: () => ({ permit: { Payload: "0x" } }) };
const noLockup: Defect = {
  error: "BidMustHaveLockup",
  bid: () => ({ permit: { Payload: `0x${"1".padStart(64, "0")}` } }),
};
const refunded: Defect = { error: "AlreadyRefunded", prepare: cancel };
const lower: Defect = { error: "BidAmountCannotBeLowered", prepare: bidBefore, bid: () => ({ amount: 999n }) };
const cheaper: Defect = { error: "BidPriceCannotBeLowered", prepare: bidBefore, bid: () => ({ price: 6 }) };
const unlocked: Defect = { error: "BidLockupCannotBeUndone", prepare: bidBefore, bid: () => ({ price: 7 }) };
const tied: Defect = {
  error: "WalletTiedToAnotherEntity",
  prepare: async (sale) => {
    await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 1000n }));
  },
  bid: () => ({ by: BOB.address }),
};
const nobody: Defect = { error: "ZeroEntityID", bid: () => ({ entity: zeroEntity }) };
const full: Defect = {
  error: "MaxWalletsPerEntityExceeded",
  prepare: async (sale) => {
    await sale.accepted(sale.bid({ by: ANNA.address, amount: 1000n }));
    await sale.control.setMaxWalletsPerEntity(1);
  },
};

/** Each is checked before the next. Two that exclude each other, such as too high and too low a price, have separate pairs. */
const PAIRS: readonly (readonly [first: Defect, second: Defect])[] = [
  [paused, uuid],
  [uuid, expired],
  [expired, sender],
  [sender, signer],
  [signer, token],
  [token, window],
  [window, zero],
  [zero, price],
  [zero, small],
  [price, small],
  [lowPrice, small],
  [small, payload],
  [small, noLockup],
  [payload, refunded],
  [noLockup, refunded],
  [refunded, { error: "BidPriceCannotBeLowered", bid: () => ({ price: 6 }) }],
  [lower, cheaper],
  [cheaper, unlocked],
  [unlocked, tied],
  [nobody, tied],
  [tied, full],
];

function merged(defects: readonly Defect[], now: number): Partial<BidOptions> {
  const bids = defects.map(({ bid }) => bid?.(now) ?? {});
  const permits = bids.map(({ permit }) => permit ?? {});
  return Object.assign({}, ...bids, { permit: Object.assign({}, ...permits) });
}

function comesBefore(first: Defect, second: Defect): Rule {
  return rule(`${first.error} comes before ${second.error}`, async (sale) => {
    // A second preparation would make another bid.
    for (const prepare of new Set([first.prepare, second.prepare])) await prepare?.(sale);
    const options = merged([second, first], await sale.now());
    expect(await sale.revert(sale.bid(options))).toMatchObject({ error: first.error });
  });
}

/** A bid that breaks two rules reverts for the one that is checked first (sonar.md 4.5). */
export const CHECK_ORDER: RuleGroup = {
  title: "the order of the checks",
  rules: [
    rule("InvalidStage comes before SalePaused", async (sale) => {
      await stage.prepare?.(sale);
      await paused.prepare?.(sale);
      expect(await sale.revert(sale.bid())).toMatchObject({ error: stage.error });
    }),
    ...PAIRS.map(([first, second]) => comesBefore(first, second)),
    rule("all of the sale's checks come before the token is asked", async (sale) => {
      await sale.approve(ALICE.address, sale.first, 0n);
      await full.prepare?.(sale);
      expect(await sale.revert(sale.bid({ amount: 2000n }))).toMatchObject({ error: full.error });
    }),
  ],
};
