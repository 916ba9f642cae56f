import { createConfig, injected, type Config } from "wagmi";
import { saleNetwork, saleTransport } from "@/hooks/wallet/lazy/sale-network";
import { sandboxProvider } from "@/hooks/wallet/lazy/sandbox-provider";
import { walletStorage } from "@/hooks/wallet/lazy/wallet-storage";
import { SANDBOX_WALLET } from "@/hooks/wallet/sandbox-wallet";
import type { SaleChain } from "@/lib/sale/sale-chain";

let opened: Config | undefined;

/**
 * Makes the page's one wagmi config. wagmi itself finds the wallets that announce themselves (EIP-6963); a fork adds further connectors
 * here.
 */
export function openWalletConfig(chain: SaleChain): Config {
  const network = saleNetwork(chain);
  opened = createConfig({
    chains: [network],
    transports: { [network.id]: saleTransport(chain) },
    connectors: [
      injected(),
      ...(chain.sandboxWallet ? [injected({ target: { ...SANDBOX_WALLET, provider: sandboxProvider(chain) } })] : []),
    ],
    storage: walletStorage(),
  });
  return opened;
}

/** The page's wagmi config, for its transactions: there are none before a wallet is connected, and none is without it. */
export function walletConfig(): Config {
  if (!opened) throw new Error("No wallet was asked for on this page.");
  return opened;
}
