import { decodeErrorResult } from "viem/utils";
import { saleAbi } from "@/lib/sale/abi";

/** Solidity's own two errors: `require` with a text, and failed assertions or bad array accesses. */
const SOLIDITY_ERRORS = [
  { type: "error", name: "Error", inputs: [{ name: "message", type: "string" }] },
  { type: "error", name: "Panic", inputs: [{ name: "code", type: "uint256" }] },
] as const;

const REVERT_ABI = [...saleAbi, ...SOLIDITY_ERRORS] as const;

function decode(data: `0x${string}`) {
  return decodeErrorResult({ abi: REVERT_ABI, data });
}

/** A revert of the sale or a token, by name and with typed arguments. */
export type DecodedRevert = ReturnType<typeof decode>;

/** The name of every error that the sale contract and its tokens define. */
export type ContractErrorName = Exclude<DecodedRevert["errorName"], "Error" | "Panic">;

/** What revert data says; undefined for data that no known error fits. Some nodes put a word before the hex. */
export function decodeRevert(data: string): DecodedRevert | undefined {
  const digits = /0x((?:[0-9a-f]{2}){4,})$/i.exec(data)?.[1];
  if (digits === undefined) return undefined;
  try {
    return decode(`0x${digits}`);
  } catch {
    return undefined;
  }
}
