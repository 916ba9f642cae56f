import { encodeFunctionData, isAddressEqual, keccak256, toHex, type Address, type Hex } from "viem";
import { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";
import { send, type NodeClient } from "./node-client";
import { STAGE_NAMES, type SaleStage } from "./chain-facts";
import type { SaleReader } from "./sale-reader";

/** The accepted part of a wallet's commitment. */
export interface Allocation {
  saleSpecificEntityID: Hex;
  wallet: Address;
  token: Address;
  acceptedAmount: bigint;
}

/** A part of a wallet's commitment. */
export interface Reduction {
  wallet: Address;
  token: Address;
  amount: bigint;
}

/** The actions of a sale's operator. Each rejects with viem's error if the sale reverts. */
export interface SaleControl {
  /** From any stage to any other. */
  setStage(stage: SaleStage): Promise<void>;
  setPaused(paused: boolean): Promise<void>;
  setClaimRefundEnabled(enabled: boolean): Promise<void>;
  setReduceCommitmentEnabled(enabled: boolean): Promise<void>;
  setMaxWalletsPerEntity(count: number): Promise<void>;
  /** For the settlement stage; replaces earlier allocations for the same wallet and token. */
  setAllocations(allocations: readonly Allocation[]): Promise<void>;
  /** Settlement -> Done. `total` is the sum of all allocations. */
  finalizeSettlement(total: bigint): Promise<void>;
  /** For the done stage; skips entities that are refunded already. */
  processRefunds(entityIDs: readonly Hex[]): Promise<void>;
  /** Returns parts of commitments to the wallets that paid them, at any stage. An entity with nothing left is out of the sale. */
  forceReduceCommitment(reductions: readonly Reduction[]): Promise<void>;
}

/** Operates the sale at `sale` as `operator`, an account of the node with all operator roles. */
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
    forceReduceCommitment: async (reductions) => {
      // No account has this role until the administrator grants it.
      const args = [keccak256(toHex("COMMITMENT_REDUCER_ROLE")), operator] as const;
      await operate(encodeFunctionData({ abi, functionName: "grantRole", args }));
      await operate(encodeFunctionData({ abi, functionName: "forceReduceCommitment", args: [reductions] }));
    },
  };
}

/** Allocations per transaction, so that it fits into a block. */
const BATCH = 50;

type EntityState = Awaited<ReturnType<SaleReader["entityStates"]>>[number];

/** Accepts a share of every commitment, in percent; each wallet's amount is rounded down. */
export function shareOf(entities: readonly EntityState[], percent: number): Allocation[] {
  return entities.flatMap(({ entityID, walletStates }) =>
    walletStates.flatMap(({ addr, committedAmountByToken }) =>
      committedAmountByToken
        .filter(({ amount }) => amount > 0n)
        .map(({ token, amount }) => ({
          saleSpecificEntityID: entityID,
          wallet: addr,
          token,
          acceptedAmount: (amount * BigInt(percent)) / 100n,
        })),
    ),
  );
}

/** The whole commitment of the entity that a wallet belongs to, less what was accepted; empty for a wallet that never bid. */
export function commitmentOf(entities: readonly EntityState[], wallet: Address): Reduction[] {
  const own = entities.find(({ walletStates }) => walletStates.some(({ addr }) => isAddressEqual(addr, wallet)));
  return (own?.walletStates ?? []).flatMap(({ addr, committedAmountByToken, acceptedAmountByToken }) =>
    committedAmountByToken.flatMap(({ token, amount }) => {
      const accepted = acceptedAmountByToken.find((one) => one.token === token)?.amount ?? 0n;
      return amount > accepted ? [{ wallet: addr, token, amount: amount - accepted }] : [];
    }),
  );
}

/** The entities that an earlier settlement has refunded: this cannot be undone. */
export function refundedEntities(entities: readonly EntityState[]): Hex[] {
  const committed = ({ walletStates }: EntityState) =>
    walletStates.some(({ committedAmountByToken }) => committedAmountByToken.some(({ amount }) => amount > 0n));
  return entities.filter((entity) => entity.refunded && committed(entity)).map(({ entityID }) => entityID);
}

/** Takes the sale from any stage through settlement to its end. */
export async function settle(sale: SaleControl, allocations: readonly Allocation[]): Promise<void> {
  await sale.setStage("Settlement");
  for (let start = 0; start < allocations.length; start += BATCH) {
    await sale.setAllocations(allocations.slice(start, start + BATCH));
  }
  await sale.finalizeSettlement(allocations.reduce((total, { acceptedAmount }) => total + acceptedAmount, 0n));
}
