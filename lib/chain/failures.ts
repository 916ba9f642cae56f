import "server-only";
import type { FailureCode } from "@/lib/failures";
import type { Failure } from "@/lib/result";

/** The event of a read of the chain. It names no provider: the nodes are none, and Sonar may be well. */
export const CHAIN_CALL = "chain.call";

const CHAIN_FAILURES: ReadonlySet<FailureCode> = new Set<FailureCode>([
  "chain/unreachable",
  "sale/wrong_contract",
  "sale/unsupported_contract",
]);

/** True for what the nodes or the contract have caused, even in a call in which Sonar was asked too. */
export function isChainFailure({ code }: Failure): boolean {
  return CHAIN_FAILURES.has(code);
}
