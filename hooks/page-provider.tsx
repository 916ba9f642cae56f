"use client";

import type {
  EntityInvestmentHistoryResponse,
  MyProfileResponse,
  ReadCommitmentDataResponse,
} from "@echoxyz/sonar-core";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { Address } from "viem";
import { useForgetReceipts } from "@/hooks/use-receipt";
import { SessionProvider } from "@/hooks/use-session";
import { WalletProvider } from "@/hooks/use-wallet";
import type { SessionStatus } from "@/lib/account";
import type { Positions } from "@/lib/purchase/position";
import type { Result } from "@/lib/result";
import type { SaleState, SaleChain } from "@/lib/sale/state";
import type { OwnActivity } from "@/lib/sonar/activity";
import type { EntityList } from "@/lib/sonar/entities";

/** The reads that the server began while it rendered the page, by the query that each one answers. */
export interface Seeds {
  entities?: Promise<Result<EntityList>>;
  profile?: Promise<Result<MyProfileResponse>>;
  investmentHistory?: Promise<Result<EntityInvestmentHistoryResponse>>;
  commitments?: Promise<Result<ReadCommitmentDataResponse>>;
  /** Resolves to undefined if the chain is slow: the rest of the page does not wait for it. */
  saleState?: Promise<Result<SaleState> | undefined>;
  positions?: Promise<Result<Positions>>;
  activity?: Promise<Result<OwnActivity>>;
}

const SeedsContext = createContext<Seeds>({});

/** Gives the hooks below it the page's reads. */
export function SeedsProvider({ seeds, children }: { seeds: Seeds; children: ReactNode }) {
  return <SeedsContext value={seeds}>{children}</SeedsContext>;
}

/** The reads that the server began while it rendered the page. */
export function useSeeds(): Seeds {
  return use(SeedsContext);
}

/**
 * Loads the page again, once all of it has arrived. Leaving it earlier ends its stream: React then takes the parts that are missing for
 * failures of the server, and reports each as an error.
 */
export function reloadPage(): void {
  const reload = () => window.location.reload();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", reload, { once: true });
  else reload();
}

const CHANNEL = "session";

/**
 * Reloads a tab that shows another session state than the one just loaded in another tab, so that no tab shows old data after a sign-out.
 * `state` names the session state that this page was rendered for.
 */
function useSharedSession(state: string): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (event) => {
      if (event.data !== state) reloadPage();
    };
    channel.postMessage(state);
    // A page from the back/forward cache has missed every message.
    const reloadIfRestored = (event: PageTransitionEvent) => {
      if (event.persisted) reloadPage();
    };
    window.addEventListener("pageshow", reloadIfRestored);
    return () => {
      channel.close();
      window.removeEventListener("pageshow", reloadIfRestored);
    };
  }, [state]);
}

/**
 * A failed read is shown with a button to try again; an automatic retry would only make the user wait for the same answer. "always": a
 * paused query or mutation would let an offline user wait instead of saying so.
 */
function makeQueryClient(): QueryClient {
  const networkMode = "always";
  const queries = { retry: false, retryOnMount: false, networkMode } as const;
  return new QueryClient({ defaultOptions: { queries, mutations: { networkMode } } });
}

interface PageProviderProps {
  session: SessionStatus;
  chain?: SaleChain;
  /** The wallet that was connected when the page was last open. */
  lastWallet?: Address;
  children: ReactNode;
}

/** The providers of all client components. One query client per page load, and on the server one per request. */
export function PageProvider({ session, chain, lastWallet, children }: PageProviderProps) {
  const [client] = useState(makeQueryClient);
  useForgetReceipts(session.viewKey);
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
