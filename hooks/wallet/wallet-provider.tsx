"use client";

import type { Address } from "viem";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { createWallet, type Wallet } from "@/hooks/wallet/create-wallet";
import type { LoadWalletSession } from "@/hooks/wallet/wallet-session";
import type { SaleChain } from "@/lib/sale/sale-chain";

interface WalletProviderProps {
  chain?: SaleChain;
  /** From the cookie: then wallets are wanted from the start. */
  initialAddress?: Address;
  children: ReactNode;
}

/** The only way to the code of wagmi and viem: a page on which nobody wants a wallet never loads it. */
const load: LoadWalletSession = async (chain, store) => {
  const { openWallets } = await import("@/hooks/wallet/lazy/open-wallets");
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
export function usePageWallet(): Wallet {
  const wallet = use(WalletContext);
  if (!wallet) throw new Error("There is no WalletProvider around this component.");
  return wallet;
}
