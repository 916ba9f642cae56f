import type { Address } from "viem";
import { createPageStore } from "@/lib/page-store";
import { codeNotLoaded, type ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import type { SaleChain } from "@/lib/sale/state";

/** Id and name of the sandbox's wallet. */
export const SANDBOX_WALLET = { id: "sandbox", name: "Sandbox wallet" } as const;

/** Id and name of the connection to a wallet on another device. */
export const WALLET_CONNECT = { id: "walletConnect", name: "WalletConnect" } as const;

/**
 * The state of the wallet on this page. It is kept outside of the code that talks to wallets, so that the page has it before that code is
 * loaded, and loading remounts nothing.
 */
export type WalletState =
  | { status: "none" }
  /** It was connected when this page was last open. The code that checks whether it still is, is being loaded. */
  | { status: "reconnecting"; address: Address }
  | { status: "connecting"; walletName: string }
  | { status: "connected"; address: Address; chainId: number; walletName: string; accounts: readonly Address[] };

/** The connected wallet's address, on any chain. */
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
  /** A data: URI, since this site's content security policy blocks images from elsewhere. */
  icon?: string;
  kind: "browser" | "walletconnect" | "sandbox";
}

/** A link that opens this page inside a wallet's app. */
export interface WalletLink {
  name: string;
  href: string;
}

/** The reason why a wallet was not connected, or did not switch. */
export interface WalletFault extends ErrorAdvice {
  /** True if the wallet stayed on another network: the page shows the sale's, to be entered by hand. */
  showsNetwork?: boolean;
}

/** Everything that the page shows about wallets. */
export interface WalletSnapshot {
  state: WalletState;
  /** The wallets that were found; absent before the search. */
  options?: readonly WalletOption[];
  /** On a phone whose browser has no wallet. */
  links?: readonly WalletLink[];
  /** The link that a wallet on another device has to read, while that wallet is awaited. */
  pairingUri?: string;
  /** The error of the last request. */
  error?: WalletFault;
  /** True from the press of "Connect wallet" until the wallets are found. */
  opening: boolean;
  /** True while the user is choosing a wallet. */
  choosing: boolean;
}

/** The wallet that needs no choice, because there is no other way to connect one. */
function soleWallet({ options = [], links = [] }: WalletSnapshot): WalletOption | undefined {
  const [only, ...others] = options;
  const isAlone = others.length === 0 && links.length === 0 && only?.kind !== "walletconnect";
  return isAlone ? only : undefined;
}

/** A store for `useSyncExternalStore`. */
export interface WalletStore {
  get(): WalletSnapshot;
  /** The snapshot that the server rendered with. Streamed parts hydrate late, when the wallet may already be connected again. */
  initial(): WalletSnapshot;
  set(change: Partial<WalletSnapshot>): void;
  subscribe(listener: () => void): () => void;
}

/** Makes a store for one page load: on the server, a store must not outlive its request. */
function createWalletStore(state: WalletState): WalletStore {
  const initial: WalletSnapshot = { state, opening: false, choosing: false };
  const store = createPageStore(initial);
  return {
    ...store,
    initial: () => initial,
    set: (change) => store.set({ ...store.get(), ...change }),
  };
}

/** The requests that the page can make to wallets. Results and errors go to the store, and nothing rejects. */
export interface WalletActions {
  connect(optionId: string): Promise<void>;
  /** Reconnects the last wallet, with this account if possible, without asking the user. */
  reconnect(address: Address): Promise<void>;
  disconnect(): Promise<void>;
  /** Switches to the sale's chain, and adds it to the wallet if necessary. */
  switchChain(): Promise<void>;
  /** Switches to another account that the wallet shares with this site. */
  switchAccount(address: Address): void;
  /** For the sandbox's wallet only: switches to another chain, so that this state can be seen. */
  leaveChain(): Promise<void>;
}

/** Loads the code that talks to wallets, and starts the search for them. */
export type LoadWalletActions = (chain: SaleChain, store: WalletStore) => Promise<WalletActions>;

/** The page's wallet: its store and its requests. The first request loads the code that talks to wallets. */
export interface Wallet extends WalletActions {
  store: WalletStore;
  /** Connects the only wallet, or shows the wallets to choose from. */
  connectOrChoose(): Promise<void>;
  /** Shows the wallets to choose from. */
  choose(): Promise<void>;
  stopChoosing(): void;
}

/** The parts of a page's wallet. */
export interface WalletParts {
  /** Absent while the sale is not on a chain, so that there is nothing to connect to. */
  chain?: SaleChain;
  /** The address that was connected when the page was last open. */
  initialAddress?: Address;
  load: LoadWalletActions;
}

/** If loading fails, only the current request is lost: the next one loads again. */
function loadOnce({ chain, load }: WalletParts, store: WalletStore): () => Promise<WalletActions | undefined> {
  let session: Promise<WalletActions | undefined> | undefined;
  return () => {
    if (!chain) return Promise.resolve(undefined);
    session ??= load(chain, store).catch(() => {
      session = undefined;
      store.set({ state: { status: "none" }, error: codeNotLoaded("Wallet support", "Your address was not shared.") });
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
    async connectOrChoose() {
      if (store.get().opening) return;
      store.set({ opening: true, error: undefined });
      const opened = await session();
      const sole = soleWallet(store.get());
      store.set({ opening: false, choosing: opened !== undefined && !sole });
      if (sole) await opened?.connect(sole.id);
    },
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
