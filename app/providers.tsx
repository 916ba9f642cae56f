"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { Address } from "viem";
import { useState, type ReactNode } from "react";
import { useSharedSession, SessionProvider } from "@/hooks/page-provider";
import { WalletProvider } from "@/hooks/use-wallet";
import type { SessionStatus } from "@/lib/account";
import type { SaleChain } from "@/lib/sale/state";

/**
 * A failed read is shown with a way to try again; retrying unasked would only make the user wait for the same answer. "always": a paused
 * query would show a skeleton to who is offline, instead of saying so.
 */
function makeQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false, networkMode: "always" } } });
}

interface ProvidersProps {
  session: SessionStatus;
  chain?: SaleChain;
  /** The wallet that was connected when the page was last open. */
  lastWallet?: Address;
  children: ReactNode;
}

/** What client components need around them. One query client per page load, and on the server one per request. */
export function Providers({ session, chain, lastWallet, children }: ProvidersProps) {
  const [client] = useState(makeQueryClient);
  useSharedSession([session.viewKey, ...session.connected].join(" "));
  return (
    <QueryClientProvider client={client}>
      <SessionProvider session={session}>
        <WalletProvider chain={chain} initialAddress={lastWallet}>
          {children}
        </WalletProvider>
      </SessionProvider>
    </QueryClientProvider>
  );
}
