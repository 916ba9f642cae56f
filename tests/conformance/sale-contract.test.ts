import { afterAll, beforeAll, describe, it } from "vitest";
import type { Hex } from "viem";
import { nodeClient } from "@/sandbox/chain/node-client";
import { ALL_RULES } from "@/tests/conformance/rules/all-rules";
import { openSale, openTarget, type Target } from "@/tests/conformance/support/open-sale";
import { checkRule } from "@/tests/conformance/support/rule";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

let target: Target;
let pristine: Hex;
let sale: SaleBench;

beforeAll(async () => {
  target = await openTarget();
  pristine = await nodeClient(target.rpcUrl).request({ method: "evm_snapshot" });
  sale = await openSale(target.rpcUrl, target.sale);
});

afterAll(async () => {
  const node = nodeClient(target.rpcUrl);
  await node.request({ method: "evm_revert", params: [pristine] });
  await node.request({ method: "anvil_autoImpersonateAccount", params: [false] });
  await target.close();
});

describe("the sale contract", () => {
  for (const { title, rules } of ALL_RULES) {
    describe(title, () => {
      for (const rule of rules) it(rule.statement, () => checkRule(sale, rule));
    });
  }
});
