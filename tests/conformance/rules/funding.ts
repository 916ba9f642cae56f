import { expect } from "vitest";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ENTITY } from "@/tests/conformance/support/people";
import { ACCEPTED } from "@/tests/conformance/support/revert";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

const AMOUNT = 100_000_000n;

async function withoutAllowance(sale: SaleBench): Promise<void> {
  await sale.approve(ALICE.address, sale.first, 0n);
}

/** The payment of a bid (sonar.md 4.7). Each token has its own errors, so the rules only require that it reverts. */
export const FUNDING: RuleGroup = {
  title: "funding",
  rules: [
    rule("an allowance short by one unit is refused by the token, one that covers it is used", async (sale) => {
      await sale.approve(ALICE.address, sale.first, AMOUNT - 1n);
      expect(await sale.revert(sale.bid({ amount: AMOUNT }))).not.toEqual(ACCEPTED);
      await sale.approve(ALICE.address, sale.first, AMOUNT);
      await sale.accepted(sale.bid({ amount: AMOUNT }));
    }),
    rule("the allowance need cover only the difference", async (sale) => {
      await sale.accepted(sale.bid({ amount: AMOUNT }));
      await sale.approve(ALICE.address, sale.first, 5n);
      await sale.accepted(sale.bid({ amount: AMOUNT + 5n }));
    }),
    rule("an EIP-2612 permit funds a bid in one transaction", async (sale) => {
      await withoutAllowance(sale);
      const before = await sale.balance(sale.first, ALICE.address);
      await sale.accepted(sale.bid({ amount: AMOUNT }, await sale.tokenPermit(ALICE, AMOUNT)));
      expect(await sale.balance(sale.first, ALICE.address)).toBe(before - AMOUNT);
      expect((await sale.entity(ENTITY)).currentBid.amount).toBe(AMOUNT);
    }),
    rule("an EIP-2612 permit is for the difference to the bid before", async (sale) => {
      await sale.accepted(sale.bid({ amount: AMOUNT }));
      await withoutAllowance(sale);
      const whole = await sale.tokenPermit(ALICE, AMOUNT + 10n);
      expect(await sale.revert(sale.bid({ amount: AMOUNT + 10n }, whole))).not.toEqual(ACCEPTED);
      await sale.accepted(sale.bid({ amount: AMOUNT + 10n }, await sale.tokenPermit(ALICE, 10n)));
    }),
    rule("an EIP-2612 permit that fails is no matter where an allowance covers the bid", async (sale) => {
      const expired = await sale.tokenPermit(ALICE, AMOUNT, (await sale.now()) - 1);
      await sale.accepted(sale.bid({ amount: AMOUNT }, expired));
    }),
    rule("an EIP-2612 permit that fails leaves it to the transfer to refuse", async (sale) => {
      await withoutAllowance(sale);
      const expired = await sale.tokenPermit(ALICE, AMOUNT, (await sale.now()) - 1);
      const failed = await sale.revert(sale.bid({ amount: AMOUNT }, expired));
      expect(failed).not.toEqual(ACCEPTED);
      expect(failed).toEqual(await sale.revert(sale.bid({ amount: AMOUNT })));
    }),
    rule("an EIP-2612 signature shorter than 65 bytes is a panic when something is to be taken", async (sale) => {
      const { deadline, signature } = await sale.tokenPermit(ALICE, AMOUNT);
      const short = { deadline, signature: `0x${signature.slice(2, 130)}` } as const;
      expect(await sale.revert(sale.bid({ amount: AMOUNT }, short))).toEqual({ error: "Panic", args: [0x32n] });
    }),
    rule("any bytes will do for an EIP-2612 signature when nothing is to be taken", async (sale) => {
      await sale.accepted(sale.bid({ amount: AMOUNT }));
      await sale.accepted(sale.bid({ amount: AMOUNT, price: 1 }, { deadline: 0n, signature: "0x" }));
    }),
    rule("both ways of paying make the same checks", async (sale) => {
      const permit = await sale.tokenPermit(ALICE, AMOUNT);
      for (const wrong of [{ token: ALICE.address }, { permit: { MinPrice: 1 } }, { permit: { ClosesAt: 1 } }]) {
        const bid = { amount: AMOUNT, ...wrong };
        const revert = await sale.revert(sale.bid(bid, permit));
        expect(revert).not.toEqual(ACCEPTED);
        expect(revert).toEqual(await sale.revert(sale.bid(bid)));
      }
    }),
  ],
};
