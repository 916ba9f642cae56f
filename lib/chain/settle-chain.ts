import "server-only";
import { BaseError, ContractFunctionExecutionError, RpcRequestError, TimeoutError } from "viem";
import { fail, type Result } from "@/lib/result";

/** The call in which `multicall` wraps all others; that it fails says nothing about them. */
const WRAPPER = "aggregate3";

/** Whether a contract itself answered, with a refusal or with nothing: then asking another node changes nothing. */
export function isContractAnswer(error: unknown): boolean {
  return error instanceof ContractFunctionExecutionError && error.functionName !== WRAPPER;
}

function hasCause(error: unknown, isCause: (cause: unknown) => boolean): boolean {
  return error instanceof BaseError && error.walk(isCause) !== null;
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof TimeoutError || (cause instanceof Error && cause.name === "TimeoutError");
}

/** What viem's errors mean, without their text: it holds RPC URLs with their keys. Other errors are bugs and are thrown on. */
function chainFailure(error: unknown) {
  if (!(error instanceof BaseError)) throw error;
  if (isContractAnswer(error)) return fail("sale/wrong_contract");
  return fail("chain/unreachable", hasCause(error, isTimeout) ? { reason: "timeout" } : {});
}

/**
 * Runs a read of the chain; viem's errors become Failures: `sale/wrong_contract` or `chain/unreachable`. A node's own error is worth a
 * second try: behind a load balancer, one node may not have the block yet that another one has just named.
 */
export async function settleChain<T>(read: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await read();
  } catch (error) {
    const worthATry = !isContractAnswer(error) && hasCause(error, (cause) => cause instanceof RpcRequestError);
    if (!worthATry) return chainFailure(error);
  }
  return read().catch(chainFailure);
}
