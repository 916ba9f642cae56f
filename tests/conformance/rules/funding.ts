import { expect } from "vitest";
import { encodeFunctionData, erc20Abi } from "viem";
import { rule, type Rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ENTITY } from "@/tests/conformance/support/people";
import { ACCEPTED, NO_DATA, REFUSED_WITHOUT_DATA } from "@/tests/conformance/support/revert";

const AMOUNT = 100_000_000n;

/** The rules of a payment token with EIP-2612. */
const EIP_2612: readonly (readonly [statement: string, check: Rule["check"]])[] = [
  [
    "an EIP-2612 permit funds a bid in one transaction",
    async (sale) => {
      const token = sale.permitToken;
      await sale.approve(ALICE.address, token, 0n);
      const before = await sale.balance(token, ALICE.address);
      await sale.accepted(sale.bid({ amount: AMOUNT, token }, await sale.tokenPermit(ALICE, AMOUNT)));
      expect(await sale.balance(token, ALICE.address)).toBe(before - AMOUNT);
      expect((await sale.entity(ENTITY)).currentBid.amount).toBe(AMOUNT);
    },
  ],
  [
    "an EIP-2612 permit is for the difference to the bid before",
    async (sale) => {
      const token = sale.permitToken;
      await sale.accepted(sale.bid({ amount: AMOUNT, token }));
      await sale.approve(ALICE.address, token, 0n);
      const more = { amount: AMOUNT + 10n, token };
      const whole = await sale.tokenPermit(ALICE, more.amount);
      expect(await sale.revert(sale.bid(more, whole))).not.toEqual(ACCEPTED);
      await sale.accepted(sale.bid(more, await sale.tokenPermit(ALICE, 10n)));
    },
  ],
  [
    "an EIP-2612 permit that fails is no matter where an allowance covers the bid",
    async (sale) => {
      const expired = await sale.tokenPermit(ALICE, AMOUNT, (await sale.now()) - 1);
      await sale.accepted(sale.bid({ amount: AMOUNT, token: sale.permitToken }, expired));
    },
  ],
  [
    "an EIP-2612 permit that fails leaves it to the transfer to refuse",
    async (sale) => {
      const bid = { amount: AMOUNT, token: sale.permitToken };
      await sale.approve(ALICE.address, bid.token, 0n);
      const expired = await sale.tokenPermit(ALICE, AMOUNT, (await sale.now()) - 1);
      const failed = await sale.revert(sale.bid(bid, expired));
      expect(failed).not.toEqual(ACCEPTED);
      expect(failed).toEqual(await sale.revert(sale.bid(bid)));
    },
  ],
  [
    "an EIP-2612 signature shorter than 65 bytes is a panic when something is to be taken",
    async (sale) => {
      const { deadline, signature } = await sale.tokenPermit(ALICE, AMOUNT);
      const short = { deadline, signature: `0x${signature.slice(2, 130)}` } as const;
      const revert = await sale.revert(sale.bid({ amount: AMOUNT, token: sale.permitToken }, short));
      expect(revert).toEqual({ error: "Panic", args: [0x32n] });
    },
  ],
  [
    "any bytes will do for an EIP-2612 signature when nothing is to be taken",
    async (sale) => {
      const token = sale.permitToken;
      await sale.accepted(sale.bid({ amount: AMOUNT, token }));
      await sale.accepted(sale.bid({ amount: AMOUNT, price: 1, token }, { deadline: 0n, signature: "0x" }));
    },
  ],
  [
    "both ways of paying make the same checks",
    async (sale) => {
      const permit = await sale.tokenPermit(ALICE, AMOUNT);
      for (const wrong of [{ token: ALICE.address }, { permit: { MinPrice: 1 } }, { permit: { ClosesAt: 1 } }]) {
        const bid = { amount: AMOUNT, token: sale.permitToken, ...wrong };
        const revert = await sale.revert(sale.bid(bid, permit));
        expect(revert).not.toEqual(ACCEPTED);
        expect(revert).toEqual(await sale.revert(sale.bid(bid)));
      }
    },
  ],
];

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
    rule("a token's refusal is passed on, but for one without data, which ends in one of three ways", async (sale) => {
      for (const token of sale.tokens) {
        await sale.approve(ALICE.address, token, AMOUNT - 1n);
        const answer = await sale.revert(sale.bid({ amount: AMOUNT, token }));
        const args = [ALICE.address, sale.sale, AMOUNT] as const;
        const data = encodeFunctionData({ abi: erc20Abi, functionName: "transferFrom", args });
        const refusal = await sale.revert({ from: sale.sale, to: token, data });
        expect(refusal.error === NO_DATA.error ? REFUSED_WITHOUT_DATA : [refusal]).toContainEqual(answer);
      }
    }),
    ...EIP_2612.map(([statement, check]) => rule(statement, check, "permit")),
  ],
};
