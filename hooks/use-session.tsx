"use client";

import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
  type SyntheticEvent,
} from "react";
import { disconnectSonar, getSessionStatus, getSonarAuthorizationUrl, login, logout } from "@/app/actions/auth";
import { callAction } from "@/hooks/use-seeded-query";
import type { SessionStatus } from "@/lib/account";
import { FailureError, type Result } from "@/lib/result";

const SIGNED_OUT: SessionStatus = { signedIn: false, connected: [], sonarConnected: false, viewKey: "" };

interface KnownSession {
  status: SessionStatus;
  loading: boolean;
  refreshSession: () => Promise<void>;
}

const SessionContext = createContext<KnownSession>({
  status: SIGNED_OUT,
  loading: false,
  refreshSession: () => Promise.resolve(),
});

interface SessionProviderProps {
  /** The status that the server rendered the page for; without it, the browser asks for the status once the page is open. */
  session?: SessionStatus;
  children: ReactNode;
}

/** Gives the hooks below it the session. This app's pages have it from `PageProvider`. */
export function SessionProvider({ session, children }: SessionProviderProps) {
  // A status that was asked for counts until the server renders the page again.
  const [asked, setAsked] = useState<{ status: SessionStatus; rendered?: SessionStatus }>();
  const latest = useRef(0);
  const refreshSession = useCallback(async () => {
    const request = (latest.current += 1);
    const answer = await callAction(getSessionStatus).catch(() => undefined);
    // Whoever asked last is right. Without an answer, the status that is known stays.
    if (request === latest.current)
      setAsked((known) => ({ status: answer ?? known?.status ?? session ?? SIGNED_OUT, rendered: session }));
  }, [session]);
  useEffect(() => {
    if (session === undefined) void refreshSession();
  }, [session, refreshSession]);
  const current = asked && asked.rendered === session ? asked.status : session;
  const value = useMemo(
    () => ({ status: current ?? SIGNED_OUT, loading: current === undefined, refreshSession }),
    [current, refreshSession],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

/** The session's status, with all that the page may know of it. */
export function useSessionStatus(): SessionStatus {
  return use(SessionContext).status;
}

/** The session for client code ported from the guide; the page's own buttons are plain forms and do not need it. */
export interface UseSessionResult {
  signedIn: boolean;
  /** The guide's name for `signedIn`. */
  authenticated: boolean;
  sonarConnected: boolean;
  /** True while a provider without a rendered session asks for it; nobody is signed in until then. */
  loading: boolean;
  /** Asks the server for the status again. It never rejects: without an answer, nothing changes. */
  refreshSession: () => Promise<void>;
  /**
   * Each ends in a full page load, so that no data of the earlier state remains: `login` and `connectSonar` perhaps at another site, where they
   * continue. Each rejects with a `FailureError`. Each can be an event's handler: the event then counts as no argument.
   */
  login: (form?: FormData | SyntheticEvent | Event) => Promise<void>;
  logout: () => Promise<void>;
  connectSonar: (returnTo?: string | SyntheticEvent | Event) => Promise<void>;
  disconnectSonar: () => Promise<void>;
}

/** The browser is signed out although the call failed: the page must not keep showing its data, so another page shows the failure. */
function pageOf(error: unknown): string {
  if (error instanceof FailureError && error.code === "session/not_ended") return error.failure.docs_url;
  throw error;
}

async function thenContinue(call: () => Promise<Result<{ url: string }>>): Promise<void> {
  const { url } = await callAction(call);
  window.location.assign(url);
}

async function thenReload(call: Parameters<typeof callAction>[0]): Promise<void> {
  window.location.assign(await callAction(call).then(() => "/", pageOf));
}

/** The same functions at each render, so that effects may depend on them. */
const ACTIONS: Pick<UseSessionResult, "login" | "logout" | "connectSonar" | "disconnectSonar"> = {
  login: (form) => thenContinue(() => (form instanceof FormData ? login(form) : login())),
  logout: () => thenReload(logout),
  connectSonar: (returnTo) =>
    thenContinue(() => getSonarAuthorizationUrl(typeof returnTo === "string" ? returnTo : undefined)),
  disconnectSonar: () => thenReload(disconnectSonar),
};

/** The current session and its actions. */
export function useSession(): UseSessionResult {
  const { status, loading, refreshSession } = use(SessionContext);
  const { signedIn, sonarConnected } = status;
  return { signedIn, authenticated: signedIn, sonarConnected, loading, refreshSession, ...ACTIONS };
}
