import { expect } from "vitest";
import { STAGE_NAMES } from "@/sandbox/chain/chain-facts";
import { ALICE } from "@/tests/conformance/support/people";
import { rule, type RuleGroup } from "@/tests/conformance/support/rule";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

const BACK = { cancelBid: "Cancellation", reduceCommitment: "Cancellation", claimRefund: "Done" } as const;
type Back = keyof typeof BACK;
const WAYS_BACK: readonly Back[] = ["cancelBid", "reduceCommitment", "claimRefund"];

function callBack(sale: SaleBench, way: Back) {
  return way === "reduceCommitment"
    ? sale.back(ALICE.address, { functionName: way, args: [[]] })
    : sale.back(ALICE.address, { functionName: way });
}

/** Which stage each of the buyers' functions is for, and that a pause stops it (sonar.md 4.3, step 1 of 4.5). */
export const STAGE_AND_PAUSE: RuleGroup = {
  title: "stage and pause",
  rules: [
    ...STAGE_NAMES.filter((stage) => stage !== "Commitment").map((stage) =>
      rule(`a bid is refused in stage ${stage}`, async (sale) => {
        await sale.control.setStage(stage);
        const args = [STAGE_NAMES.indexOf(stage), [STAGE_NAMES.indexOf("Commitment")]];
        expect(await sale.refusal(sale.bid())).toEqual({ error: "InvalidStage", args });
      }),
    ),
    rule("a bid is refused while the sale is paused", async (sale) => {
      await sale.control.setPaused(true);
      expect(await sale.refusal(sale.bid())).toEqual({ error: "SalePaused", args: [] });
      await sale.control.setPaused(false);
      await sale.accepted(sale.bid());
    }),
    rule("a bid with an EIP-2612 permit is refused in another stage and while the sale is paused", async (sale) => {
      const bid = sale.bid({}, await sale.tokenPermit(ALICE, 100_000_000n));
      await sale.control.setPaused(true);
      expect(await sale.refusal(bid)).toEqual({ error: "SalePaused", args: [] });
      await sale.control.setStage("Cancellation");
      expect(await sale.refusal(bid)).toMatchObject({ error: "InvalidStage" });
    }),
    ...WAYS_BACK.flatMap((way) => [
      rule(`${way} is refused in every stage but ${BACK[way]}`, async (sale) => {
        for (const stage of STAGE_NAMES.filter((other) => other !== BACK[way])) {
          await sale.control.setStage(stage);
          const args = [STAGE_NAMES.indexOf(stage), [STAGE_NAMES.indexOf(BACK[way])]];
          expect(await sale.refusal(callBack(sale, way))).toEqual({ error: "InvalidStage", args });
        }
      }),
      rule(`${way} is refused while the sale is paused`, async (sale) => {
        await sale.control.setStage(BACK[way]);
        await sale.control.setPaused(true);
        expect(await sale.refusal(callBack(sale, way))).toEqual({ error: "SalePaused", args: [] });
      }),
    ]),
  ],
};
