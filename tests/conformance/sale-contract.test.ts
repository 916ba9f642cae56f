import { afterAll, beforeAll, describe, it } from "vitest";
import type { Hex } from "viem";
import { nodeClient } from "@/sandbox/chain/node-client";
import { ALL_RULES } from "@/tests/conformance/rules/all-rules";
import { openTarget, SALE_TITLES, type Target } from "@/tests/conformance/support/open-sale";
import { applies, checkRule } from "@/tests/conformance/support/rule";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

let target: Target;
let pristine: Hex;

beforeAll(async () => {
  target = await openTarget();
  pristine = await nodeClient(target.rpcUrl).request({ method: "evm_snapshot" });
});

afterAll(async () => {
  const node = nodeClient(target.rpcUrl);
  await node.request({ method: "evm_revert", params: [pristine] });
  await node.request({ method: "anvil_autoImpersonateAccount", params: [false] });
  await target.close();
});

describe.each(SALE_TITLES)("the sale contract %s", (saleTitle) => {
  let sale: SaleBench;
  beforeAll(async () => {
    sale = await target.open(saleTitle);
  });

  for (const { title, rules } of ALL_RULES) {
    describe(title, () => {
      for (const rule of rules) {
        it(rule.statement, async ({ skip }) => {
          skip(!applies(rule, sale), `the sale has nothing for it: ${rule.needs}`);
          await checkRule(sale, rule);
        });
      }
    });
  }
});
