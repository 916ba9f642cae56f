"use client";

import type {
  EntityInvestmentHistoryResponse,
  MyProfileResponse,
  ReadCommitmentDataResponse,
} from "@echoxyz/sonar-core";
import { createContext, use, type ReactNode } from "react";
import type { SessionStatus } from "@/lib/account";
import type { Result } from "@/lib/result";
import type { SaleState } from "@/lib/sale/sale-state";
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

const SessionContext = createContext<SessionStatus>({ signedIn: false, connected: [], viewKey: "" });
const SeedsContext = createContext<Seeds>({});

/** Tells the hooks below it who is looking. */
export function SessionProvider({ session, children }: { session: SessionStatus; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Gives the hooks below it what the page has begun to read. */
export function SeedsProvider({ seeds, children }: { seeds: Seeds; children: ReactNode }) {
  return <SeedsContext value={seeds}>{children}</SeedsContext>;
}

/** Who is looking, and what the page brought along. */
export function useView(): { session: SessionStatus; seeds: Seeds } {
  return { session: use(SessionContext), seeds: use(SeedsContext) };
}
