"use client";

import { disconnectSonar, getSonarAuthorizationUrl, login } from "@/app/actions/auth";
import { callAction } from "@/hooks/use-seeded-query";
import { useSession } from "@/hooks/use-session";
import { FailureError } from "@/lib/result";

/** The part of sonar-react's `useSonarAuth` that does not need a token in the browser. */
export interface UseSonarAuthResult {
  /** False until it is known whether an account is connected. */
  ready: boolean;
  /** True if a Sonar account is connected. */
  authenticated: boolean;
  /** Never set: tokens stay on the server. Code that passes it on has to call a server action in its place. */
  token: undefined;
  /** Leaves for Sonar's consent page; somebody who is not signed in at this site is signed in first. */
  login: () => Promise<void>;
  /** Disconnects the account from this site. The sign-in at this site stays. */
  logout: () => void;
}

/** Code that moves over calls these as event handlers and catches nothing, so a failure is shown on the page that explains it. */
async function leaveFor(address: () => Promise<string>): Promise<void> {
  try {
    window.location.assign(await address());
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    window.location.assign(error.failure.docs_url);
  }
}

async function consentPage(signedIn: boolean): Promise<string> {
  if (!signedIn) {
    const { url } = await callAction(() => login());
    // Somebody else has to identify the user first; the next press of the button continues from there.
    if (url !== "/") return url;
  }
  const returnTo = window.location.pathname + window.location.search;
  return (await callAction(() => getSonarAuthorizationUrl(returnTo))).url;
}

/** sonar-react's hook of this name, over the server's session. For code that moves over: no page here uses it. */
export function useSonarAuth(): UseSonarAuthResult {
  const { signedIn, sonarConnected, loading } = useSession();
  return {
    ready: !loading,
    authenticated: sonarConnected,
    token: undefined,
    login: () => leaveFor(() => consentPage(signedIn)),
    logout: () => void leaveFor(() => callAction(disconnectSonar).then(() => "/")),
  };
}
