import { expect } from "vitest";
import { getAddress, zeroAddress, type Address } from "viem";
import { STAGE_NAMES } from "@/sandbox/chain/chain-facts";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE, ANNA, ENTITY, STRANGER } from "@/tests/conformance/support/people";
import { ACCEPTED, type Call } from "@/tests/conformance/support/revert";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** An account that holds no token. */
const RECEIVER = getAddress(`0x${"c0de".repeat(10)}`);

type SaleFunction = Parameters<SaleBench["call"]>[1];

function operate(sale: SaleBench, call: SaleFunction): Call {
  return sale.call(sale.operator, call);
}

function withdrawPart(sale: SaleBench, token: Address, amount: bigint): Call {
  return operate(sale, { functionName: "withdrawPartial", args: [token, amount] });
}

/**
 * Alice has committed 100 of the first token and Anna 50 of the second, of which 60 and 50 are accepted. The sale is done, and the
 * proceeds are for an account of the test's.
 */
async function done(sale: SaleBench): Promise<void> {
  await sale.accepted(sale.bid({ amount: 100n }));
  await sale.accepted(sale.bid({ by: ANNA.address, amount: 150n, token: sale.second }));
  await sale.control.setStage("Settlement");
  await sale.control.setAllocations([
    { saleSpecificEntityID: ENTITY, wallet: ALICE.address, token: sale.first, acceptedAmount: 60n },
    { saleSpecificEntityID: ENTITY, wallet: ANNA.address, token: sale.second, acceptedAmount: 50n },
  ]);
  await sale.control.setStage("Done");
  await sale.accepted(operate(sale, { functionName: "setProceedsReceiver", args: [RECEIVER] }));
}

function received(sale: SaleBench): Promise<bigint[]> {
  return Promise.all(sale.tokens.map((token) => sale.balance(token, RECEIVER)));
}

/** The proceeds that are still in the sale, in each token. */
async function available(sale: SaleBench): Promise<bigint[]> {
  const accepted = await sale.totals("totalAcceptedAmountByToken");
  const withdrawn = await sale.totals("withdrawnAmountByToken");
  return accepted.map((amount, index) => amount - (withdrawn[index] ?? 0n));
}

/** Withdrawing the proceeds, and tokens that came by mistake. */
export const PROCEEDS: RuleGroup = {
  title: "proceeds",
  rules: [
    rule("a withdrawal pays everything that was accepted, in each token, once", async (sale) => {
      await done(sale);
      const [before, due] = [await received(sale), await available(sale)];
      const events = sale.events(await sale.accepted(operate(sale, { functionName: "withdraw" })));
      const paid = sale.tokens.map((token, index) => ({ receiver: RECEIVER, token, amount: due[index] ?? 0n }));
      expect(events.map(({ eventName, args }) => [eventName, args])).toEqual(
        paid.map((args) => ["ProceedsWithdrawn", args]),
      );
      expect(await received(sale)).toEqual(before.map((amount, index) => amount + (due[index] ?? 0n)));
      expect(await available(sale)).toEqual(due.map(() => 0n));
      expect(sale.events(await sale.accepted(operate(sale, { functionName: "withdraw" })))).toEqual([]);
    }),
    rule("a withdrawal leaves what is to be refunded", async (sale) => {
      await done(sale);
      await sale.accepted(operate(sale, { functionName: "withdraw" }));
      const before = await sale.balance(sale.first, ALICE.address);
      await sale.accepted(operate(sale, { functionName: "processRefunds", args: [[ENTITY], false] }));
      expect(await sale.balance(sale.first, ALICE.address)).toBe(before + 40n);
    }),
    rule("a part can be withdrawn, up to what is there", async (sale) => {
      await done(sale);
      const [due = 0n] = await available(sale);
      const before = await sale.balance(sale.first, RECEIVER);
      await sale.accepted(withdrawPart(sale, sale.first, 20n));
      expect(await sale.balance(sale.first, RECEIVER)).toBe(before + 20n);
      expect(await sale.revert(withdrawPart(sale, sale.first, due - 19n))).toEqual({
        error: "WithdrawalExceedsAvailable",
        args: [sale.first, due - 19n, due - 20n],
      });
      await sale.accepted(operate(sale, { functionName: "withdraw" }));
      expect(await sale.balance(sale.first, RECEIVER)).toBe(before + due);
    }),
    rule("a token that is no payment token cannot be withdrawn", async (sale) => {
      await done(sale);
      const revert = await sale.revert(withdrawPart(sale, STRANGER.address, 1n));
      expect(revert).toEqual({ error: "InvalidPaymentToken", args: [STRANGER.address] });
    }),
    rule("nothing can be withdrawn before the sale is done", async (sale) => {
      await done(sale);
      for (const stage of STAGE_NAMES.filter((name) => name !== "Done")) {
        await sale.control.setStage(stage);
        const args = [STAGE_NAMES.indexOf(stage), [STAGE_NAMES.indexOf("Done")]];
        const calls = [operate(sale, { functionName: "withdraw" }), withdrawPart(sale, sale.first, 1n)];
        for (const call of calls) expect(await sale.revert(call)).toEqual({ error: "InvalidStage", args });
      }
    }),
    rule("the proceeds have another receiver from then on, never nobody", async (sale) => {
      const previous = await sale.node.readContract({ ...sale.contract, functionName: "proceedsReceiver" });
      const setReceiver = (to: Address) => operate(sale, { functionName: "setProceedsReceiver", args: [to] });
      expect(await sale.revert(setReceiver(zeroAddress))).toEqual({ error: "ZeroAddress", args: [] });
      const [event] = sale.events(await sale.accepted(setReceiver(RECEIVER)));
      expect(event).toMatchObject({ eventName: "ProceedsReceiverChanged", args: { previous, next: RECEIVER } });
      expect(await sale.node.readContract({ ...sale.contract, functionName: "proceedsReceiver" })).toBe(RECEIVER);
    }),
    rule(
      "tokens can be recovered at any stage, also while the sale is paused, which no account notes",
      async (sale) => {
        await sale.accepted(sale.bid({ amount: 100n }));
        await sale.control.setPaused(true);
        const total = await sale.totalCommitted();
        const recover = operate(sale, { functionName: "recoverTokens", args: [sale.first, 5n, RECEIVER] });
        for (const stage of STAGE_NAMES) {
          await sale.control.setStage(stage);
          expect(await sale.revert(recover)).toEqual(ACCEPTED);
        }
        const before = await sale.balance(sale.first, RECEIVER);
        const [event] = sale.events(await sale.accepted(recover));
        expect(event?.args).toEqual({ token: sale.first, amount: 5n, to: RECEIVER });
        expect(await sale.balance(sale.first, RECEIVER)).toBe(before + 5n);
        expect(await sale.account(ALICE.address, sale.first)).toMatchObject({ committed: 100n });
        expect(await sale.totalCommitted()).toBe(total);
      },
    ),
  ],
};
