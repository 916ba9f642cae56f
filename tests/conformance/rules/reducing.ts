import { expect } from "vitest";
import type { Address } from "viem";
import { STAGE_NAMES } from "@/sandbox/chain/chain-facts";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED } from "@/tests/conformance/support/revert";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** Alice has committed 100 and Anna 50 of the first token, above a minimum of 90; reductions are on. */
async function reducible(sale: SaleBench): Promise<void> {
  const permit = { MinAmount: "90" };
  await sale.accepted(sale.bid({ amount: 100n, permit }));
  await sale.accepted(sale.bid({ by: ANNA.address, amount: 150n, permit }));
  await sale.control.setReduceCommitmentEnabled(true);
  await sale.control.setStage("Cancellation");
}

function reduce(sale: SaleBench, wallet: Address, amount: bigint, by: Address = ALICE.address, token = sale.first) {
  return sale.call(by, { functionName: "reduceCommitment", args: [[{ wallet, token, amount }]] });
}

function take(sale: SaleBench, wallet: Address, amount: bigint) {
  const args = [[{ wallet, token: sale.first, amount }]] as const;
  return sale.call(sale.operator, { functionName: "forceReduceCommitment", args });
}

/** Reducing a commitment (sonar.md 4.8). */
export const REDUCING: RuleGroup = {
  title: "reducing a commitment",
  rules: [
    rule("reducing is refused where the sale does not have it", async (sale) => {
      await reducible(sale);
      await sale.control.setReduceCommitmentEnabled(false);
      const revert = await sale.revert(reduce(sale, ALICE.address, 1n));
      expect(revert).toEqual({ error: "ReduceCommitmentDisabled", args: [] });
    }),
    rule("a reduction gives back what is listed and no more", async (sale) => {
      await reducible(sale);
      const before = await sale.balance(sale.first, ALICE.address);
      const total = await sale.totalCommitted();
      await sale.accepted(reduce(sale, ALICE.address, 30n));
      expect(await sale.balance(sale.first, ALICE.address)).toBe(before + 30n);
      expect(await sale.account(ALICE.address, sale.first)).toEqual({ committed: 70n, cancelled: 30n, accepted: 0n });
      expect(await sale.account(ANNA.address, sale.first)).toEqual({ committed: 50n, cancelled: 0n, accepted: 0n });
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: false, currentBid: { amount: 120n } });
      expect(await sale.totalCommitted()).toBe(total - 30n);
    }),
    rule("a reduction may be of the entity's other wallet, which then gets the money", async (sale) => {
      await reducible(sale);
      const before = [await sale.balance(sale.first, ALICE.address), await sale.balance(sale.first, ANNA.address)];
      await sale.accepted(reduce(sale, ANNA.address, 10n));
      const after = [await sale.balance(sale.first, ALICE.address), await sale.balance(sale.first, ANNA.address)];
      expect(after).toEqual([before[0], (before[1] ?? 0n) + 10n]);
    }),
    rule("a commitment may be reduced below the permit's minimum", async (sale) => {
      await reducible(sale);
      await sale.accepted(reduce(sale, ALICE.address, 99n));
      expect((await sale.entity(ENTITY)).currentBid.amount).toBe(51n);
    }),
    rule("an entity that reduced to zero counts as refunded, one that reduced to one unit does not", async (sale) => {
      await reducible(sale);
      await sale.accepted(reduce(sale, ALICE.address, 100n));
      await sale.accepted(reduce(sale, ANNA.address, 49n));
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: false, currentBid: { amount: 1n } });
      await sale.accepted(reduce(sale, ANNA.address, 1n));
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: true, currentBid: { amount: 0n } });
    }),
    rule("a wallet's commitment cannot be reduced by more than it is, whatever the entity's is", async (sale) => {
      await reducible(sale);
      const revert = await sale.revert(reduce(sale, ALICE.address, 101n));
      expect(revert).toEqual({
        error: "ReductionExceedsReducibleAmount",
        args: [ENTITY, ALICE.address, sale.first, 101n, 100n, 0n],
      });
    }),
    rule("what was accepted cannot be reduced", async (sale) => {
      await reducible(sale);
      await sale.control.setStage("Settlement");
      await sale.control.setAllocations([
        { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount: 60n },
      ]);
      await sale.control.setStage("Cancellation");
      const revert = await sale.revert(reduce(sale, ALICE.address, 41n));
      expect(revert).toEqual({
        error: "ReductionExceedsReducibleAmount",
        args: [ENTITY, ALICE.address, sale.first, 41n, 100n, 60n],
      });
      await sale.accepted(reduce(sale, ALICE.address, 40n));
    }),
    rule("a wallet of another entity cannot be reduced", async (sale) => {
      await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 77n }));
      await reducible(sale);
      const revert = await sale.revert(reduce(sale, BOB.address, 1n));
      expect(revert).toEqual({ error: "WalletNotAssociatedWithEntity", args: [BOB.address, ENTITY] });
    }),
    rule("a wallet without a bid has nothing to reduce", async (sale) => {
      await reducible(sale);
      const revert = await sale.revert(reduce(sale, ALICE.address, 1n, STRANGER.address));
      expect(revert).toEqual({ error: "WalletNotInitialized", args: [STRANGER.address] });
    }),
    rule("a token that is no payment token cannot be reduced", async (sale) => {
      await reducible(sale);
      const revert = await sale.revert(reduce(sale, ALICE.address, 1n, ALICE.address, STRANGER.address));
      expect(revert).toEqual({ error: "InvalidPaymentToken", args: [STRANGER.address] });
    }),
    rule("one call reduces several wallets, but nothing after the entity has nothing left", async (sale) => {
      await reducible(sale);
      const all = [
        { wallet: ALICE.address, token: sale.first, amount: 100n },
        { wallet: ANNA.address, token: sale.first, amount: 50n },
      ];
      const onceMore = { wallet: ALICE.address, token: sale.first, amount: 1n };
      const reduceAll = (list: readonly (typeof onceMore)[]) =>
        sale.call(ALICE.address, { functionName: "reduceCommitment", args: [list] });
      const revert = await sale.revert(reduceAll([...all, onceMore]));
      expect(revert).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
      const events = sale.events(await sale.accepted(reduceAll(all)));
      expect(events.filter(({ eventName }) => eventName === "CommitmentReduced").map(({ args }) => args)).toEqual(
        all.map((reduction) => ({ entityID: ENTITY, ...reduction })),
      );
    }),
    rule("the operator reduces a commitment at any stage, and the wallet gets the money", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      for (const stage of STAGE_NAMES) {
        await sale.control.setStage(stage);
        const before = await sale.balance(sale.first, ALICE.address);
        await sale.accepted(take(sale, ALICE.address, 10n));
        expect(await sale.balance(sale.first, ALICE.address)).toBe(before + 10n);
      }
      expect(await sale.account(ALICE.address, sale.first)).toEqual({ committed: 50n, cancelled: 50n, accepted: 0n });
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: false, currentBid: { amount: 50n } });
    }),
    rule("an entity whose commitment the operator has taken down is out of the sale", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      await sale.accepted(take(sale, ALICE.address, 100n));
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: true, currentBid: { amount: 0n } });
      expect(await sale.revert(sale.bid({ amount: 100n }))).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
    }),
    rule("the operator cannot reduce what is not there", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      expect(await sale.revert(take(sale, STRANGER.address, 1n))).not.toEqual(ACCEPTED);
      expect(await sale.revert(take(sale, ALICE.address, 101n))).toEqual({
        error: "ReductionExceedsReducibleAmount",
        args: [ENTITY, ALICE.address, sale.first, 101n, 100n, 0n],
      });
    }),
    rule("an entity that cancelled cannot reduce", async (sale) => {
      await reducible(sale);
      await sale.accepted(sale.call(ALICE.address, { functionName: "cancelBid" }));
      const revert = await sale.revert(reduce(sale, ALICE.address, 1n));
      expect(revert).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
    }),
  ],
};
