import { defineChain, fallback, http, createPublicClient, type Chain, type Transport, type PublicClient } from "viem";
import type { SaleChain } from "@/lib/sale/state";

/** The sale's chain in viem's form. Any chain works, since only the configuration describes it. */
export function saleNetwork({ chainId, chainName, nativeCurrency, rpcUrls, explorerUrl }: SaleChain): Chain {
  return defineChain({
    id: chainId,
    name: chainName,
    nativeCurrency,
    rpcUrls: { default: { http: rpcUrls } },
    ...(explorerUrl !== undefined && { blockExplorers: { default: { name: "Explorer", url: explorerUrl } } }),
  });
}

/** Uses the next URL if one does not answer. */
export function saleTransport({ rpcUrls }: SaleChain): Transport {
  return fallback(rpcUrls.map((url) => http(url)));
}

/** Milliseconds between two polls of the chain. Public nodes have rate limits; the sandbox's node is on this machine. */
const POLL_EVERY_MS = { public: 2_000, sandbox: 250 };

/** Reads the sale's chain through the RPC URLs that browsers may see. Nothing is cached, because these reads decide about money. */
export function saleClient(chain: SaleChain): PublicClient {
  return createPublicClient({
    chain: saleNetwork(chain),
    transport: saleTransport(chain),
    pollingInterval: POLL_EVERY_MS[chain.sandboxWallet ? "sandbox" : "public"],
    cacheTime: 0,
  });
}
