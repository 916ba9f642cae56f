import { expect } from "vitest";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/**
 * Alice has committed 100 of the first token, of which 60 are accepted, and Anna 50 of the second, of which none is. The sale is
 * done, and refunds can be claimed.
 */
async function settled(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ amount: 100n }));
  await sale.accepted(sale.bid({ by: ANNA.address, amount: 150n, token: sale.second }));
  await sale.control.setStage("Settlement");
  await sale.control.setAllocations([
    { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount: 60n },
  ]);
  await sale.control.setStage("Done");
  await sale.control.setClaimRefundEnabled(true);
}

function claim(sale: SaleBench, by = ALICE.address) {
  return sale.call(by, { functionName: "claimRefund" });
}

function holdings(sale: SaleBench): Promise<[bigint, bigint]> {
  return Promise.all([sale.balance(sale.first, ALICE.address), sale.balance(sale.second, ANNA.address)]);
}

/** Refunds after settlement (sonar.md 4.8). */
export const REFUNDS: RuleGroup = {
  title: "refunds",
  rules: [
    rule("claiming is refused where the sale does not have it", async (sale) => {
      await settled(sale);
      await sale.control.setClaimRefundEnabled(false);
      expect(await sale.revert(claim(sale))).toEqual({ error: "ClaimRefundDisabled", args: [] });
    }),
    rule("any wallet claims for all: each gets what it committed less what was accepted", async (sale) => {
      await settled(sale);
      const [alice, anna] = await holdings(sale);
      await sale.accepted(claim(sale, ANNA.address));
      expect(await holdings(sale)).toEqual([alice + 40n, anna + 50n]);
    }),
    rule("a refund leaves on record what was committed and accepted", async (sale) => {
      await settled(sale);
      await sale.accepted(claim(sale));
      expect(await sale.account(ALICE.address, sale.first)).toEqual({ committed: 100n, cancelled: 0n, accepted: 60n });
      expect(await sale.account(ANNA.address, sale.second)).toEqual({ committed: 50n, cancelled: 0n, accepted: 0n });
    }),
    rule("an entity is refunded once, whichever wallet claims again", async (sale) => {
      await settled(sale);
      await sale.accepted(claim(sale));
      expect(await sale.entity(ENTITY)).toMatchObject({ refunded: true });
      for (const { address } of [ALICE, ANNA]) {
        expect(await sale.revert(claim(sale, address))).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
      }
    }),
    rule("a wallet without a bid has no refund", async (sale) => {
      await settled(sale);
      const revert = await sale.revert(claim(sale, STRANGER.address));
      expect(revert).toEqual({ error: "WalletNotInitialized", args: [STRANGER.address] });
    }),
    rule("an entity that cancelled has no refund", async (sale) => {
      await sale.accepted(sale.bid());
      await sale.control.setStage("Cancellation");
      await sale.accepted(sale.call(ALICE.address, { functionName: "cancelBid" }));
      await sale.control.setStage("Done");
      await sale.control.setClaimRefundEnabled(true);
      expect(await sale.revert(claim(sale))).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
    }),
    rule("the operator refunds where claiming is off, and passes over who has been refunded", async (sale) => {
      await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 77n }));
      await settled(sale);
      await sale.accepted(claim(sale));
      await sale.control.setClaimRefundEnabled(false);
      const before = await sale.balance(sale.first, BOB.address);
      await sale.control.processRefunds([ENTITY, OTHER_ENTITY]);
      expect(await sale.balance(sale.first, BOB.address)).toBe(before + 77n);
      expect(await sale.entity(OTHER_ENTITY)).toMatchObject({ refunded: true });
    }),
    rule("the settlement is final only with the total that was accepted", async (sale) => {
      await settled(sale);
      await sale.control.setStage("Settlement");
      const accepted = await sale.totalAccepted();
      await expect(sale.control.finalizeSettlement(accepted - 1n)).rejects.toThrow();
      await sale.control.finalizeSettlement(accepted);
      expect(await sale.node.readContract({ ...sale.contract, functionName: "stage" })).toBe(4);
    }),
  ],
};
