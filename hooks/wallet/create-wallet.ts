import type { Address } from "viem";
import type { LoadWalletSession, WalletSession } from "@/hooks/wallet/wallet-session";
import { createWalletStore, type WalletStore } from "@/hooks/wallet/wallet-store";
import type { ErrorWords } from "@/lib/sale/explanation";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** The page's wallet: its store, and what can be asked of it. The first thing asked loads the code that speaks with wallets. */
export interface Wallet extends WalletSession {
  store: WalletStore;
  /** Shows the wallets to choose from. */
  choose(): Promise<void>;
  stopChoosing(): void;
}

/** What a page's wallet is made of. */
export interface WalletParts {
  /** Absent while the sale is not on a chain: then there is nothing to connect to. */
  chain?: SaleChain;
  /** The address that was connected when the page was last open. */
  initialAddress?: Address;
  load: LoadWalletSession;
}

const WALLETS_NOT_LOADED: ErrorWords = {
  sentence: "The part of this site that speaks with wallets could not be loaded. Check your connection and try again.",
  action: "retry",
};

/** Only the wish that began the loading is lost with it: the next one loads again. */
function loadOnce({ chain, load }: WalletParts, store: WalletStore): () => Promise<WalletSession | undefined> {
  let session: Promise<WalletSession | undefined> | undefined;
  return () => {
    if (!chain) return Promise.resolve(undefined);
    session ??= load(chain, store).catch(() => {
      session = undefined;
      store.set({ state: { status: "none" }, error: WALLETS_NOT_LOADED });
      return undefined;
    });
    return session;
  };
}

/** Makes the page's wallet. Loads nothing yet. */
export function createWallet(parts: WalletParts): Wallet {
  const { chain, initialAddress: address } = parts;
  const store = createWalletStore(chain && address ? { status: "reconnecting", address } : { status: "none" });
  const session = loadOnce(parts, store);
  return {
    store,
    async choose() {
      store.set({ choosing: true, error: undefined });
      await session();
    },
    stopChoosing: () => store.set({ choosing: false, error: undefined }),
    connect: async (optionId) => (await session())?.connect(optionId),
    reconnect: async (lastAddress) => (await session())?.reconnect(lastAddress),
    disconnect: async () => (await session())?.disconnect(),
    switchChain: async () => (await session())?.switchChain(),
    switchAccount: (next) => void session().then((opened) => opened?.switchAccount(next)),
    leaveChain: async () => (await session())?.leaveChain(),
  };
}
