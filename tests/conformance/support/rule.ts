import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** One requirement for the sale contract. */
export interface Rule {
  /** Unique, because it is also the test's name. */
  statement: string;
  /** Rejects with an assertion if the sale breaks the rule. Starts from the state that `openSale` leaves. */
  check(sale: SaleBench): Promise<void>;
  /** A rule that not every bench can check: a payment token with EIP-2612, or the code to deploy another sale. */
  needs?: Need;
}

type Need = "permit" | "code";

/** The rules of one part of the reference. */
export interface RuleGroup {
  title: string;
  rules: readonly Rule[];
}

/** Defines a rule, in the form of a test. */
export function rule(statement: string, check: Rule["check"], needs?: Need): Rule {
  return { statement, check, ...(needs && { needs }) };
}

/** False if the rule says nothing about this sale. */
export function applies({ needs }: Rule, sale: SaleBench): boolean {
  if (needs === "permit") return sale.hasPermitToken;
  return needs === undefined || sale.code !== undefined;
}

/** Checks a rule and restores the chain and its clock. */
export async function checkRule(sale: SaleBench, { check }: Rule): Promise<void> {
  const snapshot = await sale.node.request({ method: "evm_snapshot" });
  try {
    await check(sale);
  } finally {
    await sale.node.request({ method: "evm_revert", params: [snapshot] });
  }
}
