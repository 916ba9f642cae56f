import "server-only";
import * as chains from "viem/chains";
import type { Chain } from "viem";

/** What is publicly known of a chain. */
export interface KnownChain {
  name: string;
  nativeCurrency: { name: string; symbol: string; decimals: number };
  /** Public ones, over https only; empty where none is known. */
  rpcUrls: readonly string[];
  /** Origin of its block explorer. */
  explorerUrl?: string;
}

function facts({ name, nativeCurrency, rpcUrls, blockExplorers }: Chain): KnownChain {
  const explorer = blockExplorers?.default.url;
  return {
    name,
    nativeCurrency,
    rpcUrls: rpcUrls.default.http.filter((url) => url.startsWith("https://")),
    ...(explorer !== undefined && { explorerUrl: new URL(explorer).origin }),
  };
}

/**
 * The chain of this id, if it is one that viem lists. Of two that claim one id, the first by name. On the server only: the list has 700
 * chains, and a browser needs the one of the sale.
 */
export function knownChain(chainId: number): KnownChain | undefined {
  const found = Object.values<Chain>(chains).find(({ id }) => id === chainId);
  return found && facts(found);
}
