import { expect } from "vitest";
import { STAGE_NAMES } from "@/sandbox/chain/chain-facts";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import { ALICE } from "@/tests/conformance/support/people";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

const STAGE_OF = { cancelBid: "Cancellation", reduceCommitment: "Cancellation", claimRefund: "Done" } as const;
type RefundFunction = keyof typeof STAGE_OF;
const REFUND_FUNCTIONS: readonly RefundFunction[] = ["cancelBid", "reduceCommitment", "claimRefund"];

function refundCall(sale: SaleBench, name: RefundFunction) {
  return name === "reduceCommitment"
    ? sale.call(ALICE.address, { functionName: name, args: [[]] })
    : sale.call(ALICE.address, { functionName: name });
}

/** The stage for each of the buyers' functions, and the effect of a pause (sonar.md 4.3, step 1 of 4.5). */
export const STAGE_AND_PAUSE: RuleGroup = {
  title: "stage and pause",
  rules: [
    ...STAGE_NAMES.filter((stage) => stage !== "Commitment").map((stage) =>
      rule(`a bid is refused in stage ${stage}`, async (sale) => {
        await sale.control.setStage(stage);
        const args = [STAGE_NAMES.indexOf(stage), [STAGE_NAMES.indexOf("Commitment")]];
        expect(await sale.revert(sale.bid())).toEqual({ error: "InvalidStage", args });
      }),
    ),
    rule("a bid is refused while the sale is paused", async (sale) => {
      await sale.control.setPaused(true);
      expect(await sale.revert(sale.bid())).toEqual({ error: "SalePaused", args: [] });
      await sale.control.setPaused(false);
      await sale.accepted(sale.bid());
    }),
    rule("replaceBidWithPermit is refused in another stage and while the sale is paused", async (sale) => {
      const bid = sale.bid({}, { deadline: 0n, signature: "0x" });
      await sale.control.setPaused(true);
      expect(await sale.revert(bid)).toEqual({ error: "SalePaused", args: [] });
      await sale.control.setStage("Cancellation");
      expect(await sale.revert(bid)).toMatchObject({ error: "InvalidStage" });
    }),
    ...REFUND_FUNCTIONS.flatMap((name) => [
      rule(`${name} is refused in every stage but ${STAGE_OF[name]}`, async (sale) => {
        for (const stage of STAGE_NAMES.filter((other) => other !== STAGE_OF[name])) {
          await sale.control.setStage(stage);
          const args = [STAGE_NAMES.indexOf(stage), [STAGE_NAMES.indexOf(STAGE_OF[name])]];
          expect(await sale.revert(refundCall(sale, name))).toEqual({ error: "InvalidStage", args });
        }
      }),
      rule(`${name} is refused while the sale is paused`, async (sale) => {
        await sale.control.setStage(STAGE_OF[name]);
        await sale.control.setPaused(true);
        expect(await sale.revert(refundCall(sale, name))).toEqual({ error: "SalePaused", args: [] });
      }),
    ]),
  ],
};
