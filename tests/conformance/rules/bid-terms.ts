import { expect } from "vitest";
import type { Hex } from "viem";
import { encodePayload } from "@/sandbox/echo/permits/permit";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED, NO_DATA } from "@/tests/conformance/support/revert";

const NO_BOOL: Hex = `0x${"2".padStart(64, "0")}`;

/** Steps 3 to 6 of a bid's checks: token, window, price, amount and lockup (sonar.md 4.5). */
export const BID_TERMS: RuleGroup = {
  title: "the bid's terms",
  rules: [
    rule("a token that is no payment token is refused", async (sale) => {
      const revert = await sale.revert(sale.bid({ token: STRANGER.address }));
      expect(revert).toEqual({ error: "InvalidPaymentToken", args: [STRANGER.address] });
    }),
    rule("every payment token is accepted", async (sale) => {
      for (const token of sale.tokens) expect(await sale.revert(sale.bid({ token }))).toEqual(ACCEPTED);
    }),
    rule("the window opens with its first second", async (sale) => {
      const now = await sale.now();
      const early = { OpensAt: now + 1, ClosesAt: now + 100 };
      const revert = await sale.revert(sale.bid({ permit: early }));
      expect(revert).toEqual({
        error: "BidOutsideAllowedWindow",
        args: [BigInt(early.OpensAt), BigInt(early.ClosesAt), BigInt(now)],
      });
      expect(await sale.revert(sale.bid({ permit: { OpensAt: now } }))).toEqual(ACCEPTED);
    }),
    rule("the window is closed from its last second on", async (sale) => {
      const now = await sale.now();
      const revert = await sale.revert(sale.bid({ permit: { ClosesAt: now } }));
      expect(revert).toMatchObject({ error: "BidOutsideAllowedWindow" });
      expect(await sale.revert(sale.bid({ permit: { ClosesAt: now + 1 } }))).toEqual(ACCEPTED);
    }),
    rule("a window that closes at 0 is never open", async (sale) => {
      const revert = await sale.revert(sale.bid({ permit: { OpensAt: 0, ClosesAt: 0 } }));
      expect(revert).toMatchObject({ error: "BidOutsideAllowedWindow" });
    }),
    rule("an amount of zero is refused, also where the permit has no minimum", async (sale) => {
      const revert = await sale.revert(sale.bid({ amount: 0n, permit: { MinAmount: "0" } }));
      expect(revert).toEqual({ error: "ZeroAmount", args: [] });
    }),
    rule("a price above the permit's is refused, the highest itself accepted", async (sale) => {
      const permit = { MinPrice: 3, MaxPrice: 5 };
      const revert = await sale.revert(sale.bid({ price: 6, permit }));
      expect(revert).toEqual({ error: "BidPriceExceedsMaxPrice", args: [6n, 5n] });
      expect(await sale.revert(sale.bid({ price: 5, permit }))).toEqual(ACCEPTED);
    }),
    rule("a price below the permit's is refused, the lowest itself accepted", async (sale) => {
      const permit = { MinPrice: 3, MaxPrice: 5 };
      const revert = await sale.revert(sale.bid({ price: 2, permit }));
      expect(revert).toEqual({ error: "BidPriceBelowMinPrice", args: [2n, 3n] });
      expect(await sale.revert(sale.bid({ price: 3, permit }))).toEqual(ACCEPTED);
    }),
    rule("an amount below the permit's is refused, the smallest itself accepted", async (sale) => {
      const permit = { MinAmount: "1000", MaxAmount: "2000" };
      const revert = await sale.revert(sale.bid({ amount: 999n, permit }));
      expect(revert).toEqual({ error: "BidBelowMinAmount", args: [999n, 1000n] });
      expect(await sale.revert(sale.bid({ amount: 1000n, permit }))).toEqual(ACCEPTED);
    }),
    rule("an amount above the permit's is refused, the greatest itself accepted", async (sale) => {
      const permit = { MinAmount: "1000", MaxAmount: "2000" };
      const revert = await sale.revert(sale.bid({ amount: 2001n, permit }));
      expect(revert).toEqual({ error: "BidExceedsMaxAmount", args: [2001n, 2000n] });
      expect(await sale.revert(sale.bid({ amount: 2000n, permit }))).toEqual(ACCEPTED);
    }),
    rule("an empty payload is refused without data", async (sale) => {
      expect(await sale.revert(sale.bid({ permit: { Payload: "0x" } }))).toEqual(NO_DATA);
    }),
    rule("a payload other than 0 or 1 is refused without data", async (sale) => {
      expect(await sale.revert(sale.bid({ permit: { Payload: NO_BOOL } }))).toEqual(NO_DATA);
    }),
    rule("a forced lockup refuses a bid without lockup", async (sale) => {
      const permit = { Payload: encodePayload(true) };
      expect(await sale.revert(sale.bid({ permit }))).toEqual({ error: "BidMustHaveLockup", args: [] });
      expect(await sale.revert(sale.bid({ permit, lockup: true }))).toEqual(ACCEPTED);
    }),
    rule("a lockup may be chosen where none is forced", async (sale) => {
      expect(await sale.revert(sale.bid({ lockup: true }))).toEqual(ACCEPTED);
    }),
  ],
};
