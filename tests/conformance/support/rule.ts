import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** One thing that the sale contract must do. */
export interface Rule {
  /** Unique; also the test's name. */
  statement: string;
  /** Rejects, with an assertion, where the sale does otherwise. Starts from the state that `openSale` leaves. */
  check(sale: SaleBench): Promise<void>;
}

/** Rules of one part of the reference. */
export interface RuleGroup {
  title: string;
  rules: readonly Rule[];
}

/** A rule, in the way a test is written. */
export function rule(statement: string, check: Rule["check"]): Rule {
  return { statement, check };
}

/** Checks a rule and leaves the chain, its clock too, as it was. */
export async function checkRule(sale: SaleBench, { check }: Rule): Promise<void> {
  const snapshot = await sale.node.request({ method: "evm_snapshot" });
  try {
    await check(sale);
  } finally {
    await sale.node.request({ method: "evm_revert", params: [snapshot] });
  }
}
