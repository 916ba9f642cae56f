import type { Address } from "viem";
import type { SandboxAccount } from "@/lib/config/sandbox";
import { passed, refused, type Checked } from "@/lib/sale/problem";
import type { TokenUnit } from "@/lib/sale/money";

/** The stages of a sale contract of version 2, in the order of their numbers on the chain. */
export const SALE_STAGES = ["pre-open", "commitment", "cancellation", "settlement", "done"] as const;

/** One stage of the sale. */
export type SaleStage = (typeof SALE_STAGES)[number];

/** The only major version whose stage numbers are known. */
const SUPPORTED_MAJOR = 2;

/**
 * The stage behind the number that `stage()` returns. The numbers changed their meaning between versions: 2 was "closed" and is now
 * "cancellation", so a contract of another major version is refused (sonar.md 4.1).
 */
export function readStage(
  version: readonly [major: number, minor: number, patch: number],
  stage: number,
): Checked<SaleStage, "unsupported-version" | "unknown-stage"> {
  if (version[0] !== SUPPORTED_MAJOR) {
    const found = `The sale contract is version ${version.join(".")}`;
    return refused("unsupported-version", `${found}, but this site only works with version ${SUPPORTED_MAJOR}.`);
  }
  const name = SALE_STAGES[stage];
  if (name === undefined)
    return refused("unknown-stage", `The sale contract is in stage ${stage}, which this site does not know.`);
  return passed(name);
}

/** A token that the sale accepts, as the token's own contract describes it. */
export interface PaymentToken extends TokenUnit {
  address: Address;
  /** Name and version of its EIP-712 domain, if it supports EIP-2612 permits: they save one of two transactions. */
  permit?: { name: string; version: string };
}

/** The sale contract's state at one block. Plain JSON, since browsers poll it. */
export interface SaleState {
  stage: SaleStage;
  paused: boolean;
  /** This site gives no permits at the moment, whatever the contract accepts; see `lib/sale/pause.ts`. */
  pausedBySite?: true;
  /** The decimals of the payment tokens as Sonar has stated them within the last day: they outlast an outage of its public figures. */
  paymentDecimals?: number;
  /** Unix seconds of that block. */
  blockTime: number;
  /** No node has shown a block of the last minute: all of this is of that time, and may be over. */
  outdated?: true;
  claimRefundEnabled: boolean;
  /** True if buyers may take back a part of their commitment during the cancellation stage. */
  reduceCommitmentEnabled: boolean;
  /** In the contract's order, which expresses no preference. */
  tokens: readonly PaymentToken[];
}

/** This site's registration with WalletConnect's relay. */
export interface WalletConnectSettings {
  projectId: string;
  /** A relay of one's own, in place of Reown's. */
  relayUrl?: string;
}

/** The sale's place on chain, as far as browsers may know it; absent while its contract is not announced. */
export interface SaleChain {
  chainId: number;
  chainName: string;
  /** The coin that network fees are paid in. */
  nativeCurrency: { name: string; symbol: string; decimals: number };
  /** The sale's contract. */
  contract: Address;
  /** RPC URLs that browsers may see, the preferred one first. */
  rpcUrls: readonly string[];
  /** Origin of a block explorer of this chain. */
  explorerUrl?: string;
  /** One price tick as a decimal number, since neither the API nor the contract has it (sonar.md 4.6). */
  priceTick?: string;
  /** Present where wallets on other devices can be connected by WalletConnect. */
  walletConnect?: WalletConnectSettings;
  /** True on the sandbox's own chain: the sandbox's wallet is offered. */
  sandboxWallet: boolean;
  /** The accounts of the sandbox's wallet, that of the connected persona first. Absent: those of the node, without labels. */
  sandboxAccounts?: readonly SandboxAccount[];
  /** Present in a public demo: the sandbox's wallet has keys of its own, and this address funds its accounts. */
  faucetUrl?: string;
}

/** The contract and the price tick that a page was made for, as the page tells the server, which may have others by now. */
export interface PageContract {
  chainId: number;
  contract: string;
  priceTick?: string | undefined;
}

/** See `PageContract`. */
export function pageContract({ chainId, contract, priceTick }: SaleChain): PageContract {
  return { chainId, contract, priceTick };
}
