"use client";

import { useQuery } from "@tanstack/react-query";
import type { Address } from "viem";
import type { WalletFunds } from "@/hooks/wallet/lazy/wallet-funds";
import type { SaleChain } from "@/lib/sale/sale-chain";

const POLL_EVERY_MS = 30_000;

/** What the connected wallet can pay with. Absent while it is read, and where it cannot be: the form works without it. */
export interface UseWalletFundsResult {
  funds?: WalletFunds;
  refetch: () => void;
}

/** Reads a wallet's balances from the chain itself; loads the code for it with the first wallet. */
export function useWalletFunds(args: {
  chain: SaleChain;
  wallet?: Address;
  tokens: readonly Address[];
}): UseWalletFundsResult {
  const { chain, wallet, tokens } = args;
  const { data, refetch } = useQuery({
    queryKey: ["walletFunds", chain.chainId, wallet, tokens],
    queryFn: async () => {
      const { readWalletFunds } = await import("@/hooks/wallet/lazy/wallet-funds");
      return wallet === undefined ? null : readWalletFunds(chain, wallet, tokens);
    },
    enabled: wallet !== undefined,
    staleTime: 0,
    refetchInterval: POLL_EVERY_MS,
  });
  return { ...(data && { funds: data }), refetch: () => void refetch() };
}
