import type { SaleChain } from "@/lib/sale/sale-chain";

/** WalletConnect's relay, under both of its names: its client falls back from one to the other. */
const WALLETCONNECT_RELAYS = ["wss://relay.walletconnect.org", "wss://relay.walletconnect.com"];

/** The origins that the wallet's scripts talk to: the RPC nodes that browsers may know, and the relay where WalletConnect is on. */
export function connectTargets({
  rpcUrls,
  walletConnectProjectId,
}: Pick<SaleChain, "rpcUrls" | "walletConnectProjectId">): string[] {
  const nodes = new Set(rpcUrls.map((url) => new URL(url).origin));
  return [...nodes, ...(walletConnectProjectId === undefined ? [] : WALLETCONNECT_RELAYS)];
}
