import { expect } from "vitest";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** Alice has committed 100 of the first token and 20 of the second, Anna 30 of the second; the stage is Cancellation. */
async function twoWallets(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ amount: 100n, price: 3 }));
  await sale.accepted(sale.bid({ amount: 120n, price: 3, token: sale.second }));
  await sale.accepted(sale.bid({ by: ANNA.address, amount: 150n, price: 3, token: sale.second }));
  await sale.control.setStage("Cancellation");
}

function cancel(sale: SaleBench, by = ALICE.address) {
  return sale.call(by, { functionName: "cancelBid" });
}

function ofAlice(sale: SaleBench): bigint[] {
  return sale.byToken([sale.first, 100n], [sale.second, 20n]);
}

/** Accepts a part of Alice's commitment in the first token; the stage is Cancellation again. */
async function accept(sale: SaleBench, acceptedAmount: bigint): Promise<void> {
  await sale.control.setStage("Settlement");
  await sale.control.setAllocations([
    { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount },
  ]);
  await sale.control.setStage("Cancellation");
}

async function partlyAccepted(sale: SaleBench): Promise<void> {
  await twoWallets(sale);
  await accept(sale, 60n);
}

async function expectNoChange(sale: SaleBench): Promise<void> {
  const before = [await sale.entity(ENTITY), await sale.balance(sale.first, sale.sale), await sale.totalCommitted()];
  expect(sale.events(await sale.accepted(cancel(sale)))).toEqual([]);
  const after = [await sale.entity(ENTITY), await sale.balance(sale.first, sale.sale), await sale.totalCommitted()];
  expect(after).toEqual(before);
}

/** Cancelling (sonar.md 4.8). */
export const CANCELLING: RuleGroup = {
  title: "cancelling",
  rules: [
    rule("any wallet cancels for all: each gets back what it paid, in the token it paid", async (sale) => {
      const holdings = () =>
        Promise.all([
          sale.balance(sale.first, ALICE.address),
          sale.balance(sale.second, ALICE.address),
          sale.balance(sale.second, ANNA.address),
        ]);
      const before = await holdings();
      await twoWallets(sale);
      await sale.accepted(cancel(sale, ANNA.address));
      expect(await holdings()).toEqual(before);
    }),
    rule("what is cancelled moves from committed to cancelled", async (sale) => {
      await twoWallets(sale);
      await sale.accepted(cancel(sale));
      const gone = (cancelled: bigint) => ({ committed: 0n, cancelled, accepted: 0n });
      expect(await sale.accounts(ALICE.address)).toEqual(ofAlice(sale).map(gone));
      expect(await sale.accounts(ANNA.address)).toEqual(sale.byToken([sale.second, 30n]).map(gone));
    }),
    rule("the bid's amount is zero afterwards and the entity counts as refunded", async (sale) => {
      await twoWallets(sale);
      await sale.accepted(cancel(sale));
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: true, currentBid: { amount: 0n } });
    }),
    rule("the sale's total falls", async (sale) => {
      const before = await sale.totalCommitted();
      await twoWallets(sale);
      expect(await sale.totalCommitted()).toBe(before + 150n);
      await sale.accepted(cancel(sale));
      expect(await sale.totalCommitted()).toBe(before);
    }),
    rule("nobody else's bid is touched", async (sale) => {
      await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 77n }));
      await twoWallets(sale);
      await sale.accepted(cancel(sale));
      expect(await sale.entity(OTHER_ENTITY)).toMatchObject({ refunded: false, currentBid: { amount: 77n } });
      expect(await sale.account(BOB.address, sale.first)).toMatchObject({ committed: 77n, cancelled: 0n });
    }),
    rule("an entity cancels once, whichever wallet tries again", async (sale) => {
      await twoWallets(sale);
      await sale.accepted(cancel(sale));
      for (const { address } of [ALICE, ANNA]) {
        expect(await sale.revert(cancel(sale, address))).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
      }
    }),
    rule("a wallet without a bid has nothing to cancel", async (sale) => {
      await twoWallets(sale);
      const revert = await sale.revert(cancel(sale, STRANGER.address));
      expect(revert).toEqual({ error: "WalletNotInitialized", args: [STRANGER.address] });
    }),
    rule("what was accepted is not given back", async (sale) => {
      await partlyAccepted(sale);
      await sale.accepted(cancel(sale));
      const accepted = sale.byToken([sale.first, 60n]);
      const expected = ofAlice(sale).map((paid, index) => {
        const kept = accepted[index] ?? 0n;
        return { committed: kept, cancelled: paid - kept, accepted: kept };
      });
      expect(await sale.accounts(ALICE.address)).toEqual(expected);
    }),
    rule("with a part accepted, the entity stays in the sale with that part", async (sale) => {
      await partlyAccepted(sale);
      await sale.accepted(cancel(sale));
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: false, currentBid: { amount: 60n } });
      await sale.control.setStage("Commitment");
      await sale.accepted(sale.bid({ amount: 61n, price: 3 }));
    }),
    rule("with a part accepted, cancelling again is accepted and changes nothing", async (sale) => {
      await partlyAccepted(sale);
      await sale.accepted(cancel(sale));
      await expectNoChange(sale);
    }),
    rule("with everything accepted, cancelling changes nothing", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      await accept(sale, 100n);
      await expectNoChange(sale);
    }),
  ],
};
