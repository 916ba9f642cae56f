import { createPublicClient, type PublicClient } from "viem";
import { saleNetwork, saleTransport } from "@/hooks/wallet/lazy/sale-network";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** Milliseconds between two looks at a chain. A public node asks for restraint; the sandbox's is on this machine. */
const POLL_EVERY_MS = { public: 2_000, sandbox: 250 };

/** Reads the sale's chain through the RPC URLs that browsers may see. Nothing is kept: what is read here decides about money. */
export function saleClient(chain: SaleChain): PublicClient {
  return createPublicClient({
    chain: saleNetwork(chain),
    transport: saleTransport(chain),
    pollingInterval: POLL_EVERY_MS[chain.sandboxWallet ? "sandbox" : "public"],
    cacheTime: 0,
  });
}
