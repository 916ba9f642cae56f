import { BaseError, decodeErrorResult } from "viem";
import type { Hex } from "viem";
import { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";

/** Why a call of the sandbox's chain failed, in one line for people: the contract's error by name where there is one. */
export function refusalText(error: unknown): string {
  if (!(error instanceof BaseError)) return error instanceof Error ? error.message : String(error);
  const data = revertData(error);
  return (data && errorName(data)) ?? (error.details || error.shortMessage);
}

/** True if no node answered at all. */
export function isUnreachable(error: unknown): boolean {
  const names = ["HttpRequestError", "TimeoutError"];
  return error instanceof BaseError && names.some((name) => error.walk((cause) => nameOf(cause) === name) !== null);
}

function nameOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.name : undefined;
}

function revertData(error: BaseError): Hex | undefined {
  let data: Hex | undefined;
  error.walk((cause) => {
    if (typeof cause === "object" && cause !== null && "data" in cause && isHex(cause.data)) data = cause.data;
    return data !== undefined;
  });
  return data;
}

function isHex(value: unknown): value is Hex {
  return typeof value === "string" && /^0x([0-9a-f]{2})+$/i.test(value);
}

function errorName(data: Hex): string | undefined {
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: sandboxSaleAbi, data });
    return `the sale refuses with ${errorName}(${args.map(String).join(", ")})`;
  } catch {
    return undefined;
  }
}
