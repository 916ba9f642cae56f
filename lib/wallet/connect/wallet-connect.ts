import type { EIP1193Provider } from "viem";
import { codeNotLoaded } from "@/lib/purchase/errors/error-advice";
import { guardProvider } from "@/lib/wallet/connect/injected-wallets";
import type {
  WalletConnectChain,
  WalletConnectEvents,
  WalletConnectReports,
  WalletConnectRequest,
} from "@/lib/wallet/connect/wallet-connect-client";

/**
 * The provider (EIP-1193) of a wallet on another device. The code that talks to the relay is large, and is loaded with the first request: no
 * byte of it before somebody chooses WalletConnect or has it connected.
 */
export function walletConnectProvider(
  chain: WalletConnectChain,
  onUri: WalletConnectReports["onUri"],
): EIP1193Provider | undefined {
  const listeners: { [Event in keyof WalletConnectEvents]: Set<WalletConnectEvents[Event]> } = {
    accountsChanged: new Set(),
    chainChanged: new Set(),
  };
  const reports: WalletConnectReports = {
    onUri,
    accountsChanged: (accounts) => listeners.accountsChanged.forEach((listener) => listener(accounts)),
    chainChanged: (chainId) => listeners.chainChanged.forEach((listener) => listener(chainId)),
  };

  async function load() {
    const code = await import("@/lib/wallet/connect/wallet-connect-client").catch((cause: unknown) => {
      // As the client's own errors: the class is in the code that is missing.
      const { sentence } = codeNotLoaded("WalletConnect", "Your address was not shared.");
      throw Object.assign(new Error(sentence, { cause }), { name: "WalletConnectError" });
    });
    return code.openWalletConnect(chain, reports);
  }

  let opened: ReturnType<typeof load> | undefined;
  function open() {
    opened ??= load().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  return guardProvider({
    request: async (asked: WalletConnectRequest) => (await open())(asked),
    on(event: string, listener: (payload: unknown) => void) {
      if (event === "accountsChanged" || event === "chainChanged") listeners[event].add(listener);
    },
  });
}
