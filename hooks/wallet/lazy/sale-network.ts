import { defineChain, fallback, http, type Chain, type Transport } from "viem";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** The sale's chain as viem wants it. Any chain will do, since nothing but the configuration describes it. */
export function saleNetwork({ chainId, chainName, nativeCurrency, rpcUrls, explorerUrl }: SaleChain): Chain {
  return defineChain({
    id: chainId,
    name: chainName,
    nativeCurrency,
    rpcUrls: { default: { http: rpcUrls } },
    ...(explorerUrl !== undefined && { blockExplorers: { default: { name: "Explorer", url: explorerUrl } } }),
  });
}

/** Asks the next URL when one does not answer. */
export function saleTransport({ rpcUrls }: SaleChain): Transport {
  return fallback(rpcUrls.map((url) => http(url)));
}
