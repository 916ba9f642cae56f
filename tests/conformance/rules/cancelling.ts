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
  return sale.refundCall(by, { functionName: "cancelBid" });
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
      expect(await sale.account(ALICE.address, sale.first)).toEqual(gone(100n));
      expect(await sale.account(ALICE.address, sale.second)).toEqual(gone(20n));
      expect(await sale.account(ANNA.address, sale.second)).toEqual(gone(30n));
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
      await twoWallets(sale);
      await sale.control.setStage("Settlement");
      await sale.control.setAllocations([
        { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount: 60n },
      ]);
      await sale.control.setStage("Cancellation");
      await sale.accepted(cancel(sale));
      expect(await sale.account(ALICE.address, sale.first)).toEqual({ committed: 60n, cancelled: 40n, accepted: 60n });
    }),
  ],
};
