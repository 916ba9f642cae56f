"use client";

import { disconnectSonar, getSonarAuthorizationUrl, login, logout } from "@/app/actions/auth";
import { useSessionStatus } from "@/hooks/page-provider";
import { callAction } from "@/hooks/use-seeded-query";
import { FailureError, type Result } from "@/lib/result";

/** The session for client code ported from the guide; the page's own buttons are plain forms and do not need it. */
export interface UseSessionResult {
  signedIn: boolean;
  sonarConnected: boolean;
  /**
   * Each ends in a full page load, so that no data of the earlier state remains: `login` and `connectSonar` perhaps at another site, where they
   * continue. Each rejects with a `FailureError`.
   */
  login: (form?: FormData) => Promise<void>;
  logout: () => Promise<void>;
  connectSonar: (returnTo?: string) => Promise<void>;
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

/** The current session and its actions. */
export function useSession(): UseSessionResult {
  const session = useSessionStatus();
  return {
    signedIn: session.signedIn,
    sonarConnected: session.sonarConnected,
    login: (form) => thenContinue(() => login(form)),
    logout: () => thenReload(logout),
    disconnectSonar: () => thenReload(disconnectSonar),
    connectSonar: (returnTo) => thenContinue(() => getSonarAuthorizationUrl(returnTo)),
  };
}
