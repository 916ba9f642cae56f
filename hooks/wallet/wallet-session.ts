import type { Address } from "viem";
import type { WalletStore } from "@/hooks/wallet/wallet-store";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** What can be asked of wallets. What comes of it, failures too, is told through the store; nothing rejects. */
export interface WalletSession {
  connect(optionId: string): Promise<void>;
  /** Connects what was connected before, and prefers this account; asks the user nothing. */
  reconnect(address: Address): Promise<void>;
  disconnect(): Promise<void>;
  /** To the sale's chain; adds it to the wallet where the wallet does not know it. */
  switchChain(): Promise<void>;
  /** Among the accounts that the wallet shares with this site. */
  switchAccount(address: Address): void;
  /** The sandbox's wallet only: to some other chain, so that this state can be seen. */
  leaveChain(): Promise<void>;
}

/** Loads the code that speaks with wallets and begins to look for them. */
export type LoadWalletSession = (chain: SaleChain, store: WalletStore) => Promise<WalletSession>;
