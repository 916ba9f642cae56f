import type { ErrorWords } from "@/lib/sale/explanation";
import type { WalletState } from "@/lib/sale/wallet-state";

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
  error?: ErrorWords;
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
export function createWalletStore(state: WalletState): WalletStore {
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
