import { expect } from "vitest";
import { zeroHash, type Hex } from "viem";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY } from "@/tests/conformance/support/people";
import { ACCEPTED } from "@/tests/conformance/support/revert";

const ZERO_ENTITY: Hex = `0x${zeroHash.slice(2, 34)}`;

/** Steps 7 to 9 of a bid's checks: the earlier bids of the entity and the wallet (sonar.md 4.5). */
export const REPLACING: RuleGroup = {
  title: "replacing a bid",
  rules: [
    rule("an entity that cancelled cannot bid again, with no wallet", async (sale) => {
      await sale.accepted(sale.bid());
      await sale.control.setStage("Cancellation");
      await sale.accepted(sale.call(ALICE.address, { functionName: "cancelBid" }));
      await sale.control.setStage("Commitment");
      for (const { address } of [ALICE, ANNA]) {
        const revert = await sale.revert(sale.bid({ by: address }));
        expect(revert).toEqual({ error: "AlreadyRefunded", args: [ENTITY] });
      }
    }),
    rule("an amount cannot be lowered, by no wallet of the entity", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      for (const { address } of [ALICE, ANNA]) {
        const revert = await sale.revert(sale.bid({ by: address, amount: 99n }));
        expect(revert).toEqual({ error: "BidAmountCannotBeLowered", args: [99n, 100n] });
      }
    }),
    rule("a price cannot be lowered, not even with a higher amount", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n, price: 7 }));
      const revert = await sale.revert(sale.bid({ amount: 200n, price: 6 }));
      expect(revert).toEqual({ error: "BidPriceCannotBeLowered", args: [6n, 7n] });
    }),
    rule("a lockup cannot be undone", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n, lockup: true }));
      const revert = await sale.revert(sale.bid({ amount: 200n }));
      expect(revert).toEqual({ error: "BidLockupCannotBeUndone", args: [] });
    }),
    rule("the entity of id zero cannot bid", async (sale) => {
      const revert = await sale.revert(sale.bid({ entity: ZERO_ENTITY }));
      expect(revert).toEqual({ error: "ZeroEntityID", args: [] });
    }),
    rule("a wallet cannot bid for a second entity", async (sale) => {
      await sale.accepted(sale.bid());
      const revert = await sale.revert(sale.bid({ entity: OTHER_ENTITY }));
      expect(revert).toEqual({
        error: "WalletTiedToAnotherEntity",
        args: [OTHER_ENTITY, ENTITY, ALICE.address],
      });
    }),
    rule("a wallet stays tied when its entity has cancelled", async (sale) => {
      await sale.accepted(sale.bid());
      await sale.control.setStage("Cancellation");
      await sale.accepted(sale.call(ALICE.address, { functionName: "cancelBid" }));
      await sale.control.setStage("Commitment");
      const revert = await sale.revert(sale.bid({ entity: OTHER_ENTITY }));
      expect(revert).toMatchObject({ error: "WalletTiedToAnotherEntity" });
    }),
    rule("an entity has no more wallets than the sale allows", async (sale) => {
      await sale.control.setMaxWalletsPerEntity(2);
      await sale.accepted(sale.bid({ amount: 100n }));
      await sale.accepted(sale.bid({ by: ANNA.address, amount: 200n }));
      const revert = await sale.revert(sale.bid({ by: BOB.address, amount: 300n }));
      expect(revert).toEqual({ error: "MaxWalletsPerEntityExceeded", args: [ENTITY, 3n, 2n] });
      expect(await sale.revert(sale.bid({ by: ANNA.address, amount: 300n }))).toEqual(ACCEPTED);
    }),
  ],
};
