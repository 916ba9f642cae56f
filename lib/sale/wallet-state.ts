import type { Address } from "viem";

/**
 * The wallet as the page knows it. Kept outside the module that talks to wallets, so that the page has it before that module is loaded,
 * and loading it remounts nothing.
 */
export type WalletState =
  | { status: "none" }
  /** It was connected when this page was last open; the module that knows whether it still is, is on its way. */
  | { status: "reconnecting"; address: Address }
  | { status: "connecting"; walletName: string }
  | { status: "connected"; address: Address; chainId: number; walletName: string; accounts: readonly Address[] };

/** The connected wallet's address, on whichever chain it is. */
export function connectedAddress(wallet: WalletState): Address | undefined {
  return wallet.status === "connected" ? wallet.address : undefined;
}

/** The wallet's address, if it is connected and on the sale's chain. */
export function usableWallet(wallet: WalletState, { chainId }: { chainId: number }): Address | undefined {
  return wallet.status === "connected" && wallet.chainId === chainId ? wallet.address : undefined;
}
