import { encodeFunctionData } from "viem";
import type { Address, Hex } from "viem";
import { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";
import { send } from "./node/node-client";
import type { NodeClient } from "./node/node-client";
import { STAGE_NAMES } from "./sale-stage";
import type { SaleStage } from "./sale-stage";

/** How much of what a wallet committed is accepted. */
export interface Allocation {
  saleSpecificEntityID: Hex;
  wallet: Address;
  token: Address;
  acceptedAmount: bigint;
}

/** What the operator of a sale can do. Every call rejects with viem's error when the sale refuses. */
export interface SaleControl {
  /** From any stage to any other. */
  setStage(stage: SaleStage): Promise<void>;
  setPaused(paused: boolean): Promise<void>;
  setClaimRefundEnabled(enabled: boolean): Promise<void>;
  setReduceCommitmentEnabled(enabled: boolean): Promise<void>;
  setMaxWalletsPerEntity(count: number): Promise<void>;
  /** In the settlement stage; replaces what was set for the same wallet and token. */
  setAllocations(allocations: readonly Allocation[]): Promise<void>;
  /** Settlement -> Done. `total` is what all allocations come to. */
  finalizeSettlement(total: bigint): Promise<void>;
  /** In the done stage; leaves out who has been refunded already. */
  processRefunds(entityIDs: readonly Hex[]): Promise<void>;
}

/** Operates the sale at `sale` as `operator`, an account of the node that has all operator roles. */
export function saleControl(node: NodeClient, sale: Address, operator: Address): SaleControl {
  const abi = sandboxSaleAbi;
  const operate = async (data: Hex) => {
    await send(node, { from: operator, to: sale, data });
  };
  return {
    setStage: (stage) =>
      operate(encodeFunctionData({ abi, functionName: "unsafeSetStage", args: [STAGE_NAMES.indexOf(stage)] })),
    setPaused: (paused) => operate(encodeFunctionData({ abi, functionName: "setPaused", args: [paused] })),
    setClaimRefundEnabled: (enabled) =>
      operate(encodeFunctionData({ abi, functionName: "setClaimRefundEnabled", args: [enabled] })),
    setReduceCommitmentEnabled: (enabled) =>
      operate(encodeFunctionData({ abi, functionName: "setReduceCommitmentEnabled", args: [enabled] })),
    setMaxWalletsPerEntity: (count) =>
      operate(encodeFunctionData({ abi, functionName: "setMaxWalletsPerEntity", args: [count] })),
    setAllocations: (allocations) =>
      operate(encodeFunctionData({ abi, functionName: "setAllocations", args: [allocations, true] })),
    finalizeSettlement: (total) =>
      operate(encodeFunctionData({ abi, functionName: "finalizeSettlement", args: [total] })),
    processRefunds: (entityIDs) =>
      operate(encodeFunctionData({ abi, functionName: "processRefunds", args: [entityIDs, true] })),
  };
}
