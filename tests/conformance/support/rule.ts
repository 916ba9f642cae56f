import { keccak256, toHex, type Hex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { SaleBench } from "@/tests/conformance/support/sale-bench";

/** A wallet that no chain has seen. A wallet belongs to one entity for ever, so a well-known one may be in use. */
function wallet(name: string) {
  return privateKeyToAccount(keccak256(toHex(`conformance wallet ${name}`)));
}

function entityId(name: string): Hex {
  return `0x${keccak256(toHex(`conformance entity ${name}`)).slice(2, 34)}`;
}

/** Alice and Anna are wallets of one entity, Bob is a wallet of another. */
export const ALICE = wallet("alice");
export const ANNA = wallet("anna");
export const BOB = wallet("bob");
/** A wallet that never bids. */
export const STRANGER = wallet("stranger");

/** Alice's and Anna's entity. */
export const ENTITY = entityId("first");
/** Bob's entity. */
export const OTHER_ENTITY = entityId("second");

/** One requirement for the sale contract. */
export interface Rule {
  /** Unique, because it is also the test's name. */
  statement: string;
  /** Rejects with an assertion if the sale breaks the rule. Starts from the state that `openSale` leaves. */
  check(sale: SaleBench): Promise<void>;
}

/** The rules of one part of the reference. */
export interface RuleGroup {
  title: string;
  rules: readonly Rule[];
}

/** Defines a rule, in the form of a test. */
export function rule(statement: string, check: Rule["check"]): Rule {
  return { statement, check };
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
