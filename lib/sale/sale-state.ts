import type { Address } from "viem";
import type { SaleStage } from "@/lib/sale/stage";
import type { TokenUnit } from "@/lib/sale/token";

/** A token in which the sale is paid, as the token's own contract describes it. */
export interface PaymentToken extends TokenUnit {
  address: Address;
  /** Name and version of its EIP-712 domain, where it takes EIP-2612 permits: one transaction instead of two. */
  permit?: { name: string; version: string };
}

/** What the sale's contract says at one block. Plain JSON, since browsers poll it. */
export interface SaleState {
  stage: SaleStage;
  paused: boolean;
  /** Unix seconds of the block at which all of this was read. */
  blockTime: number;
  claimRefundEnabled: boolean;
  /** In the contract's order, which says nothing about which is to be preferred. */
  tokens: readonly PaymentToken[];
}
