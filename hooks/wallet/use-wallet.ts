"use client";

import { useSyncExternalStore } from "react";
import type { Wallet } from "@/hooks/wallet/create-wallet";
import { usePageWallet } from "@/hooks/wallet/wallet-provider";
import type { WalletSnapshot } from "@/hooks/wallet/wallet-store";

/** The page's wallet and what can be asked of it. The functions stay the same from render to render and never reject. */
export type UseWalletResult = WalletSnapshot & Omit<Wallet, "store" | "reconnect">;

/** The wallet as this page knows it; loads nothing by itself. */
export function useWallet(): UseWalletResult {
  const { store, reconnect: _reconnect, ...wishes } = usePageWallet();
  const snapshot = useSyncExternalStore(store.subscribe, store.get, store.initial);
  return { ...snapshot, ...wishes };
}
