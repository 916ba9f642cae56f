import { expect } from "vitest";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, BOB, ENTITY, OTHER_ENTITY, STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED } from "@/tests/conformance/support/revert";

/** The effects of an accepted bid (step 10 of sonar.md 4.5, and 4.6). */
export const BID_SEMANTICS: RuleGroup = {
  title: "what a bid does",
  rules: [
    rule(
      "the amount is the entity's new total: only the difference is taken, from the caller in the token of the call",
      async (sale) => {
        const before = [await sale.balance(sale.first, ALICE.address), await sale.balance(sale.second, ANNA.address)];
        await sale.accepted(sale.bid({ amount: 100n }));
        await sale.accepted(sale.bid({ by: ANNA.address, token: sale.second, amount: 250n }));
        const after = [await sale.balance(sale.first, ALICE.address), await sale.balance(sale.second, ANNA.address)];
        expect(after).toEqual([(before[0] ?? 0n) - 100n, (before[1] ?? 0n) - 150n]);
        expect((await sale.entity(ENTITY)).currentBid.amount).toBe(250n);
      },
    ),
    rule("what was taken is the sale's, and counts as committed by its wallet in its token", async (sale) => {
      const held = await sale.balance(sale.first, sale.sale);
      const total = await sale.totalCommitted();
      await sale.accepted(sale.bid({ amount: 100n }));
      await sale.accepted(sale.bid({ by: ANNA.address, amount: 130n }));
      expect(await sale.balance(sale.first, sale.sale)).toBe(held + 130n);
      expect(await sale.totalCommitted()).toBe(total + 130n);
      expect(await sale.account(ALICE.address, sale.first)).toEqual({ committed: 100n, cancelled: 0n, accepted: 0n });
      expect(await sale.account(ANNA.address, sale.first)).toEqual({ committed: 30n, cancelled: 0n, accepted: 0n });
    }),
    rule("the entity's row has the bid, its time and every wallet", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n, price: 3 }));
      await sale.accepted(sale.bid({ by: ANNA.address, amount: 100n, price: 5, lockup: true }));
      const state = await sale.entity(ENTITY);
      expect(state).toMatchObject({ entityID: ENTITY, bidTimestamp: await sale.now(), refunded: false });
      expect(state.currentBid).toEqual({ lockup: true, price: 5n, amount: 100n });
      expect(state.walletStates.map(({ addr }) => addr)).toEqual([ALICE.address, ANNA.address]);
      expect(state.walletStates.map(({ entityID }) => entityID)).toEqual([ENTITY, ENTITY]);
    }),
    rule("an equal amount at a higher price takes nothing and needs no allowance", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n, price: 1 }));
      await sale.approve(ALICE.address, sale.first, 0n);
      const before = await sale.balance(sale.first, ALICE.address);
      await sale.accepted(sale.bid({ amount: 100n, price: 2 }));
      expect(await sale.balance(sale.first, ALICE.address)).toBe(before);
    }),
    rule("a lockup can be turned on later, for nothing", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      await sale.approve(ALICE.address, sale.first, 0n);
      await sale.accepted(sale.bid({ amount: 100n, lockup: true }));
      expect((await sale.entity(ENTITY)).currentBid.lockup).toBe(true);
    }),
    rule("the same bid again is accepted and changes nothing", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n, price: 4 }));
      await sale.accepted(sale.bid({ amount: 100n, price: 4 }));
      expect((await sale.entity(ENTITY)).currentBid).toEqual({ lockup: false, price: 4n, amount: 100n });
      expect(await sale.account(ALICE.address, sale.first)).toMatchObject({ committed: 100n });
    }),
    rule("the smallest raise is accepted: bounds are for the total", async (sale) => {
      const permit = { MinAmount: "1000" };
      await sale.accepted(sale.bid({ amount: 1000n, permit }));
      await sale.accepted(sale.bid({ amount: 1001n, permit }));
    }),
    rule("the maximum is for the total of all wallets", async (sale) => {
      const permit = { MaxAmount: "1000" };
      await sale.accepted(sale.bid({ amount: 900n, permit }));
      const revert = await sale.revert(sale.bid({ by: ANNA.address, amount: 1001n, permit }));
      expect(revert).toEqual({ error: "BidExceedsMaxAmount", args: [1001n, 1000n] });
    }),
    rule("entities do not share bids", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n, price: 9, lockup: true }));
      await sale.accepted(sale.bid({ by: BOB.address, entity: OTHER_ENTITY, amount: 50n, price: 1 }));
      expect((await sale.entity(ENTITY)).currentBid).toEqual({ lockup: true, price: 9n, amount: 100n });
      expect((await sale.entity(OTHER_ENTITY)).currentBid).toEqual({ lockup: false, price: 1n, amount: 50n });
    }),
    rule("an entity's first bid reports the entity, the wallet, the increase and the bid", async (sale) => {
      const receipt = await sale.accepted(sale.bid({ amount: 100n, price: 2, lockup: true }));
      const wallet = ALICE.address;
      const args = Object.fromEntries(sale.events(receipt).map((event) => [event.eventName, event.args]));
      expect(args).toEqual({
        EntityInitialized: { entityID: ENTITY, wallet },
        WalletInitialized: { entityID: ENTITY, wallet },
        CommitmentIncreased: { entityID: ENTITY, wallet, token: sale.first, amount: 100n },
        BidPlaced: { entityID: ENTITY, wallet, bid: { lockup: true, price: 2n, amount: 100n } },
      });
    }),
    rule("a bid that takes nothing reports an increase of zero, and no new wallet", async (sale) => {
      await sale.accepted(sale.bid({ amount: 100n }));
      const events = sale.events(await sale.accepted(sale.bid({ amount: 100n, price: 1 })));
      expect(events.map(({ eventName }) => eventName).sort()).toEqual(["BidPlaced", "CommitmentIncreased"]);
      expect(events.find(({ eventName }) => eventName === "CommitmentIncreased")?.args).toMatchObject({ amount: 0n });
    }),
    rule("an entity that never bid is a row of zeros under the id that was asked for", async (sale) => {
      expect(await sale.entity(OTHER_ENTITY)).toEqual({
        entityID: OTHER_ENTITY,
        bidTimestamp: 0,
        refunded: false,
        currentBid: { lockup: false, price: 0n, amount: 0n },
        walletStates: [],
      });
    }),
    rule("a wallet that never bid is refused, also among others", async (sale) => {
      await sale.accepted(sale.bid());
      const addresses = [ALICE.address, STRANGER.address];
      const revert = await sale.revert(sale.walletStates(addresses));
      expect(revert).toEqual({ error: "WalletNotInitialized", args: [STRANGER.address] });
      expect(await sale.revert(sale.walletStates([ALICE.address]))).toEqual(ACCEPTED);
    }),
    rule("the contract tells version 2, whose stages the rules go by", async (sale) => {
      const [major] = await sale.node.readContract({ ...sale.contract, functionName: "version" });
      expect(major).toBe(2);
    }),
  ],
};
