import type { RunningChain } from "@/sandbox/chain/start";
import { SANDBOX_CHAIN_ID } from "@/sandbox/chain/chain-facts";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** The sandbox's chain as a browser may know it. */
export function sandboxSaleChain({ rpcUrl, saleAddress }: RunningChain): SaleChain {
  return {
    chainId: SANDBOX_CHAIN_ID,
    chainName: "Sandbox",
    nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
    contract: saleAddress,
    rpcUrls: [rpcUrl],
    sandboxWallet: true,
  };
}
