import { BaseError, decodeErrorResult, parseAbi, type Address, type Hex } from "viem";
import { z } from "zod";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import type { NodeClient } from "@/sandbox/chain/node-client";

/** A call of a contract. */
export interface Call {
  from: Address;
  /** Absent: `data` deploys a contract. */
  to?: Address;
  data: Hex;
}

/** The contract's answer to a call: the name of the error and its arguments. */
export interface Revert {
  error: string;
  args: readonly unknown[];
}

/** The call did not revert. */
export const ACCEPTED: Revert = { error: "(accepted)", args: [] };

/** The call reverted without data. */
export const NO_DATA: Revert = { error: "(no data)", args: [] };

/** The sale's answers to a token that refuses without data: of OpenZeppelin 5.0, of its Address library later on, of SafeERC20 since 5.1. */
export const REFUSED_WITHOUT_DATA: readonly Revert[] = [
  { error: "FailedInnerCall", args: [] },
  { error: "FailedCall", args: [] },
  NO_DATA,
];

const ERRORS = [
  ...sandboxSaleAbi,
  ...parseAbi([
    "error FailedInnerCall()",
    "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
    "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
  ]),
];

const revertError = z.object({ code: z.literal(3), data: z.custom<Hex>((data) => typeof data === "string") });

/** Tries a call on the latest block without sending it. */
export async function revertOf(node: NodeClient, call: Call): Promise<Revert> {
  try {
    await node.request({ method: "eth_call", params: [call, "latest"] });
    return ACCEPTED;
  } catch (error) {
    return halted(error) ? NO_DATA : decode(revertData(error));
  }
}

/** True if the call met an invalid instruction, as mainnet's USDT does on purpose: a contract that called it gets no data. */
function halted(error: unknown): boolean {
  return error instanceof BaseError && error.details.startsWith("EVM error");
}

function revertData(error: unknown): Hex {
  const found = error instanceof BaseError ? error.walk((cause) => revertError.safeParse(cause).success) : undefined;
  if (!found) throw error;
  return revertError.parse(found).data;
}

function decode(data: Hex): Revert {
  if (data === "0x") return NO_DATA;
  try {
    const { errorName, args } = decodeErrorResult({ abi: ERRORS, data });
    return { error: errorName, args: args ?? [] };
  } catch {
    return { error: data, args: [] };
  }
}
