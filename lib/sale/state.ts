import type { Address } from "viem";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import type { TokenUnit } from "@/lib/sale/money";

/** The stages of a sale contract of version 2, in order; their place is their number on the chain. */
export const SALE_STAGES = ["pre-open", "commitment", "cancellation", "settlement", "done"] as const;

/** One stage of the sale. */
export type SaleStage = (typeof SALE_STAGES)[number];

/** The one major version whose stage numbers are known. */
const SUPPORTED_MAJOR = 2;

/**
 * The stage behind the number that `stage()` gives. The numbers changed their meaning between versions: 2 was "closed" and is
 * "cancellation" now, so a contract of another major version is refused and not guessed at (sonar.md 4.1).
 */
export function readStage(
  version: readonly [major: number, minor: number, patch: number],
  stage: number,
): Checked<SaleStage, "unsupported-version" | "unknown-stage"> {
  if (version[0] !== SUPPORTED_MAJOR) {
    const found = `The sale contract is version ${version.join(".")}`;
    return refused("unsupported-version", `${found}; this site works with version ${SUPPORTED_MAJOR} only.`);
  }
  const name = SALE_STAGES[stage];
  if (name === undefined)
    return refused("unknown-stage", `The sale contract is in stage ${stage}, which this site does not know.`);
  return passed(name);
}

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

/** Where the sale is on chain, as far as browsers may know it; absent while its contract is not announced. */
export interface SaleChain {
  chainId: number;
  chainName: string;
  /** What gas is paid in. */
  nativeCurrency: { name: string; symbol: string; decimals: number };
  /** The sale's contract. */
  contract: Address;
  /** RPC URLs that browsers may see, the preferred one first. */
  rpcUrls: readonly string[];
  /** Origin of a block explorer of this chain. */
  explorerUrl?: string;
  /** One price tick as a decimal number: neither the API nor the contract tells it (sonar.md 4.6). */
  priceTick?: string;
  /** The sandbox's wallet is offered: this is the sandbox's own chain. */
  sandboxWallet: boolean;
}
