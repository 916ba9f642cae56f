"use client";

import type { Address } from "viem";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";
import { useQuery } from "@tanstack/react-query";
import type { SaleChain } from "@/lib/sale/state";
import type { WalletFunds } from "@/lib/wallet/transactions/wallet-funds";
import { createWallet, type Wallet, type LoadWalletActions, type WalletSnapshot } from "@/lib/wallet/wallet";

interface WalletProviderProps {
  chain?: SaleChain;
  /** From the cookie; if set, the code for wallets is loaded at once. */
  initialAddress?: Address;
  children: ReactNode;
}

/** The only import of the code of wagmi and viem: a page on which nobody uses a wallet never loads it. */
const load: LoadWalletActions = async (chain, store) => {
  const { openWallets } = await import("@/lib/wallet/connect/open-wallets");
  return openWallets(chain, store);
};

const WalletContext = createContext<Wallet | undefined>(undefined);

/** Gives the hooks below it the page's wallet. */
export function WalletProvider({ chain, initialAddress, children }: WalletProviderProps) {
  const [wallet] = useState(() => createWallet({ chain, initialAddress, load }));
  useEffect(() => {
    const { state } = wallet.store.get();
    if (state.status === "reconnecting") void wallet.reconnect(state.address);
  }, [wallet]);
  return <WalletContext value={wallet}>{children}</WalletContext>;
}

/** The page's wallet. Throws outside of `WalletProvider`. */
function usePageWallet(): Wallet {
  const wallet = use(WalletContext);
  if (!wallet) throw new Error("There is no WalletProvider around this component.");
  return wallet;
}

/** The page's wallet and its actions. The functions stay the same from render to render and never reject. */
export type UseWalletResult = WalletSnapshot & Omit<Wallet, "store" | "reconnect">;

/** The state of the page's wallet. It loads nothing by itself. */
export function useWallet(): UseWalletResult {
  const { store, reconnect: _reconnect, ...actions } = usePageWallet();
  const snapshot = useSyncExternalStore(store.subscribe, store.get, store.initial);
  return { ...snapshot, ...actions };
}

const POLL_EVERY_MS = 30_000;

/** The connected wallet's balances. Absent while they are read or cannot be read: the form works without them. */
export interface UseWalletFundsResult {
  funds?: WalletFunds;
  refetch: () => void;
}

/** Reads a wallet's balances, and what else the form tells of it, from the chain directly; loads the code for it with the first wallet. */
export function useWalletFunds(args: {
  chain: SaleChain;
  wallet?: Address;
  tokens: readonly Address[];
}): UseWalletFundsResult {
  const { chain, wallet, tokens } = args;
  const { data, refetch } = useQuery({
    queryKey: ["walletFunds", chain.chainId, wallet, tokens],
    queryFn: async () => {
      const { readWalletFunds } = await import("@/lib/wallet/transactions/wallet-funds");
      return wallet === undefined ? null : readWalletFunds(chain, wallet, tokens);
    },
    enabled: wallet !== undefined,
    staleTime: 0,
    refetchInterval: POLL_EVERY_MS,
  });
  return { ...(data && { funds: data }), refetch: () => void refetch() };
}
