import type { SaleChain } from "@/lib/sale/sale-chain";

/** The origins that the wallet's scripts talk to: the RPC nodes that browsers may know. */
export function connectTargets({ rpcUrls }: Pick<SaleChain, "rpcUrls">): string[] {
  return [...new Set(rpcUrls.map((url) => new URL(url).origin))];
}
