import type { Address, Chain, PublicClient, WalletClient } from "viem";

/** What is needed to send a transaction to the sale. Plain viem, so that the flow runs without wagmi too. */
export interface TransactionContext {
  /** Reads the chain and waits for it; never the wallet's own node, which may be behind or on another chain. */
  publicClient: PublicClient;
  walletClient: WalletClient;
  chain: Chain;
  /** The sale's contract. */
  contract: Address;
  account: Address;
}

/** A transaction's target and what it asks for. */
export interface Call {
  to: Address;
  data: `0x${string}`;
}
