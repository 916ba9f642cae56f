import "server-only";
import type { FailureCode } from "@/lib/failures";
import { isDueRarely, logOutcome, operatorLevel, requestLog } from "@/lib/http/log";
import type { Failure, Result } from "@/lib/result";

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

/**
 * Logs a read of the chain that all visitors share, if it has failed: each kind of failure once a minute, because pages repeat the read for as
 * long as somebody looks. Returns the result.
 */
export function logSharedRead<T>(call: string, result: Result<T>): Result<T> {
  if (!result.ok && isDueRarely(`${CHAIN_CALL} ${call} ${result.error.code}`))
    logOutcome(requestLog("-"), CHAIN_CALL, { result, call, levelOf: operatorLevel });
  return result;
}
