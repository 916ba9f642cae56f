import type { Address } from "viem";
import { getWalletClient } from "wagmi/actions";
import { saleClient } from "@/hooks/wallet/lazy/sale-client";
import { saleNetwork } from "@/hooks/wallet/lazy/sale-network";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { walletConfig } from "@/hooks/wallet/lazy/wallet-config";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** The surroundings of a transaction by the connected wallet. Rejects when it has gone, or is on another chain. */
export async function openContext(chain: SaleChain, account: Address): Promise<TransactionContext> {
  const walletClient = await getWalletClient(walletConfig(), { account, chainId: chain.chainId });
  const publicClient = saleClient(chain);
  return { publicClient, walletClient, chain: saleNetwork(chain), contract: chain.contract, account };
}
