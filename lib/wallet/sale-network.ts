import { defineChain, type Chain, type Transport } from "viem";
import { nodesTransport } from "@/lib/wallet/nodes";
import type { SaleChain } from "@/lib/sale/state";

/**
 * The sale's chain in viem's form. Any chain works, since only the configuration describes it. In a file of its own, so that connecting a
 * wallet does not load viem's public client.
 */
export function saleNetwork({ chainId, chainName, nativeCurrency, rpcUrls, explorerUrl }: SaleChain): Chain {
  return defineChain({
    id: chainId,
    name: chainName,
    nativeCurrency,
    rpcUrls: { default: { http: rpcUrls } },
    ...(explorerUrl !== undefined && { blockExplorers: { default: { name: "Explorer", url: explorerUrl } } }),
  });
}

/** Uses the next URL if one does not answer, or not usably. */
export function saleTransport({ rpcUrls, chainId }: SaleChain): Transport {
  return nodesTransport(rpcUrls, { chainId });
}
