"use client";

import type {
  EntityInvestmentHistoryResponse,
  MyProfileResponse,
  ReadCommitmentDataResponse,
} from "@echoxyz/sonar-core";
import { createContext, use, useEffect, type ReactNode } from "react";
import type { SessionStatus } from "@/lib/account";
import type { Result } from "@/lib/result";
import type { SaleState } from "@/lib/sale/state";
import type { EntityList } from "@/lib/sonar/entities";
import type { Positions } from "@/lib/sonar/positions";

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

const SessionContext = createContext<SessionStatus>({ signedIn: false, connected: [], sonarConnected: false, viewKey: "" });
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
export function useSharedSession(state: string): void {
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
