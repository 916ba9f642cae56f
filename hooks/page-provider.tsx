"use client";

import type {
  EntityInvestmentHistoryResponse,
  MyProfileResponse,
  ReadCommitmentDataResponse,
} from "@echoxyz/sonar-core";
import { createContext, use, useEffect, useState, type ReactNode } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import type { Address } from "viem";
import type { SessionStatus } from "@/lib/account";
import type { Result } from "@/lib/result";
import type { SaleState, SaleChain } from "@/lib/sale/state";
import type { EntityList } from "@/lib/sonar/entities";
import type { Positions } from "@/lib/sonar/positions";
import { WalletProvider } from "@/hooks/use-wallet";

/** What the server began to read while it rendered the page, by the query that it answers. */
export interface Seeds {
  entities?: Promise<Result<EntityList>>;
  profile?: Promise<Result<MyProfileResponse>>;
  investmentHistory?: Promise<Result<EntityInvestmentHistoryResponse>>;
  commitments?: Promise<Result<ReadCommitmentDataResponse>>;
  /** Undefined when the chain is slow: the rest of the page does not wait for it. */
  saleState?: Promise<Result<SaleState> | undefined>;
  positions?: Promise<Result<Positions>>;
}

const SessionContext = createContext<SessionStatus>({
  signedIn: false,
  connected: [],
  sonarConnected: false,
  viewKey: "",
});
const SeedsContext = createContext<Seeds>({});

/** Tells the hooks below it who is looking. */
export function SessionProvider({ session, children }: { session: SessionStatus; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Gives the hooks below it what the page has begun to read. */
export function SeedsProvider({ seeds, children }: { seeds: Seeds; children: ReactNode }) {
  return <SeedsContext value={seeds}>{children}</SeedsContext>;
}

/** Who is signed in and what is connected, as the page was rendered. */
export function useSessionStatus(): SessionStatus {
  return use(SessionContext);
}

/** The reads that the server began while it rendered the page. */
export function useSeeds(): Seeds {
  return use(SeedsContext);
}

const CHANNEL = "session";

/**
 * Keeps this browser's tabs in step: a tab that shows another session state than the one just loaded elsewhere reloads, so that after a
 * sign-out no tab goes on showing what it had. `state` names the session state that this page was rendered for.
 */
function useSharedSession(state: string): void {
  useEffect(() => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = (event) => {
      if (event.data !== state) window.location.reload();
    };
    channel.postMessage(state);
    // A page from the back/forward cache has slept through every message.
    const reloadIfRestored = (event: PageTransitionEvent) => {
      if (event.persisted) window.location.reload();
    };
    window.addEventListener("pageshow", reloadIfRestored);
    return () => {
      channel.close();
      window.removeEventListener("pageshow", reloadIfRestored);
    };
  }, [state]);
}

/**
 * A failed read is shown with a way to try again; retrying unasked would only make the user wait for the same answer. "always": a paused
 * query would show a skeleton to who is offline, instead of saying so.
 */
function makeQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { retry: false, retryOnMount: false, networkMode: "always" } } });
}

interface PageProviderProps {
  session: SessionStatus;
  chain?: SaleChain;
  /** The wallet that was connected when the page was last open. */
  lastWallet?: Address;
  children: ReactNode;
}

/** What client components need around them. One query client per page load, and on the server one per request. */
export function PageProvider({ session, chain, lastWallet, children }: PageProviderProps) {
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
