import type { Address, Chain, PublicClient, WalletClient } from "viem";

/** The clients and addresses for a transaction to the sale. Plain viem, so that this code also runs without wagmi. */
export interface TransactionContext {
  /** For reads and receipts. Never the wallet's own node, which may be behind or on another chain. */
  publicClient: PublicClient;
  walletClient: WalletClient;
  chain: Chain;
  /** The sale's contract. */
  contract: Address;
  account: Address;
  /** The newest block that the page has seen; see `ChainReader`. */
  seen?: bigint;
  /** The tab's memory of wallets that cannot sign; absent: each is asked. */
  signing?: SigningMemory;
}

/** The wallets of this tab that cannot sign for a token, so that their users are asked once. */
export interface SigningMemory {
  cannotSign: (token: Address) => boolean;
  remember: (token: Address) => void;
}

/** A transaction's target and calldata. */
export interface Call {
  to: Address;
  data: `0x${string}`;
}

/** The same context after a transaction of its own in this block: what is read from now on must include it. */
export function contextAfter(context: TransactionContext, block: bigint): TransactionContext {
  const { seen = 0n } = context;
  return { ...context, seen: block > seen ? block : seen };
}
