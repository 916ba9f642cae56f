"use server";

import {
  connectAccount,
  disconnectAccount,
  readSessionStatus,
  signIn,
  signOut,
  type SessionStatus,
} from "@/lib/account";
import { guarded } from "@/lib/http/guarded";
import { success, type Result } from "@/lib/result";

// For code ported from the guide: client code calls these through `useSession`. This app's own pages post forms to `app/auth`
// instead, which work without JavaScript.

/** Signs in; returns the URL to continue at, which is an identity provider's if people sign in there. */
export async function login(form?: FormData): Promise<Result<{ url: string }>> {
  return guarded("login", async () => {
    // An action is a public endpoint, so the argument can be anything.
    const signedIn = await signIn(form instanceof FormData ? form : new FormData());
    return signedIn.ok ? success({ url: signedIn.data.continueAt ?? "/" }) : signedIn;
  });
}

/** Ends the session and all its connections. */
export async function logout(): Promise<Result<void>> {
  return guarded("logout", () => signOut());
}

/** Whether this browser is signed in and connected, for a page that was not rendered for its visitor. */
export async function getSessionStatus(): Promise<Result<SessionStatus>> {
  return guarded("getSessionStatus", async () => success(await readSessionStatus()));
}

/** Begins connecting to Sonar; returns the URL to send the browser to, which carries the state. */
export async function getSonarAuthorizationUrl(returnTo?: string): Promise<Result<{ url: string }>> {
  return guarded("getSonarAuthorizationUrl", () => connectAccount("sonar", returnTo));
}

/** Ends the Sonar connection. */
export async function disconnectSonar(): Promise<Result<void>> {
  return guarded("disconnectSonar", () => disconnectAccount("sonar"));
}
