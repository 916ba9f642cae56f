import type { Address } from "viem";
import type { ErrorAdvice } from "@/lib/purchase/errors/error-words";
import type { SaleChain } from "@/lib/sale/state";

/** Under which id and name the sandbox's wallet is offered. */
export const SANDBOX_WALLET = { id: "sandbox", name: "Sandbox wallet" } as const;

/**
 * The wallet as the page knows it. Kept outside the module that talks to wallets, so that the page has it before that module is loaded,
 * and loading it remounts nothing.
 */
export type WalletState =
  | { status: "none" }
  /** It was connected when this page was last open; the module that knows whether it still is, is on its way. */
  | { status: "reconnecting"; address: Address }
  | { status: "connecting"; walletName: string }
  | { status: "connected"; address: Address; chainId: number; walletName: string; accounts: readonly Address[] };

/** The connected wallet's address, on whichever chain it is. */
export function connectedAddress(wallet: WalletState): Address | undefined {
  return wallet.status === "connected" ? wallet.address : undefined;
}

/** The wallet's address, if it is connected and on the sale's chain. */
export function usableWallet(wallet: WalletState, { chainId }: { chainId: number }): Address | undefined {
  return wallet.status === "connected" && wallet.chainId === chainId ? wallet.address : undefined;
}

/** A wallet that can be connected. */
export interface WalletOption {
  id: string;
  name: string;
  /** A data: URI; the policy of this site lets no image come from elsewhere. */
  icon?: string;
  kind: "browser" | "sandbox";
}

/** Everything the page shows of wallets. */
export interface WalletSnapshot {
  state: WalletState;
  /** The wallets that were found; absent until they were looked for. */
  options?: readonly WalletOption[];
  /** Why the last wish did not come true. */
  error?: ErrorAdvice;
  /** Whether the user is choosing a wallet. */
  choosing: boolean;
}

/** A store for `useSyncExternalStore`. */
export interface WalletStore {
  get(): WalletSnapshot;
  /** What the server rendered with. Streamed parts hydrate late, when the wallet may be connected again long since. */
  initial(): WalletSnapshot;
  set(change: Partial<WalletSnapshot>): void;
  subscribe(listener: () => void): () => void;
}

/** Makes a store of its own for one page load: on the server none may outlive its request. */
function createWalletStore(state: WalletState): WalletStore {
  const initial: WalletSnapshot = { state, choosing: false };
  let snapshot = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => snapshot,
    initial: () => initial,
    set(change) {
      snapshot = { ...snapshot, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What can be asked of wallets. What comes of it, failures too, is told through the store; nothing rejects. */
export interface WalletActions {
  connect(optionId: string): Promise<void>;
  /** Connects what was connected before, and prefers this account; asks the user nothing. */
  reconnect(address: Address): Promise<void>;
  disconnect(): Promise<void>;
  /** To the sale's chain; adds it to the wallet where the wallet does not know it. */
  switchChain(): Promise<void>;
  /** Among the accounts that the wallet shares with this site. */
  switchAccount(address: Address): void;
  /** The sandbox's wallet only: to some other chain, so that this state can be seen. */
  leaveChain(): Promise<void>;
}

/** Loads the code that speaks with wallets and begins to look for them. */
export type LoadWalletActions = (chain: SaleChain, store: WalletStore) => Promise<WalletActions>;

/** The page's wallet: its store, and what can be asked of it. The first thing asked loads the code that speaks with wallets. */
export interface Wallet extends WalletActions {
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
  load: LoadWalletActions;
}

const WALLETS_NOT_LOADED: ErrorAdvice = {
  sentence: "The part of this site that speaks with wallets could not be loaded. Check your connection and try again.",
  action: "retry",
};

/** Only the wish that began the loading is lost with it: the next one loads again. */
function loadOnce({ chain, load }: WalletParts, store: WalletStore): () => Promise<WalletActions | undefined> {
  let session: Promise<WalletActions | undefined> | undefined;
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
