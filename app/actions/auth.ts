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

/** Signs in. The page's own button posts a form to `/auth/sign-in` instead; this is for client code (`useSession`). */
export async function login(form?: FormData): Promise<Result<void>> {
  // An action is a public endpoint, and takes whatever it is sent.
  return guarded("login", () => signIn(form instanceof FormData ? form : new FormData()));
}

/** Ends the session and all its connections. */
export async function logout(): Promise<Result<void>> {
  return guarded("logout", () => signOut());
}

/** Who is signed in and what is connected. */
export async function getSessionStatus(): Promise<Result<SessionStatus>> {
  return guarded("getSessionStatus", async () => success(await readSessionStatus()));
}

/** Begins connecting; returns where to send the browser. Its URL carries the state. */
export async function getSonarAuthorizationUrl(returnTo?: string): Promise<Result<{ url: string }>> {
  return guarded("getSonarAuthorizationUrl", () => connectAccount("sonar", returnTo));
}

/** Forgets the Sonar connection. */
export async function disconnectSonar(): Promise<Result<void>> {
  return guarded("disconnectSonar", () => disconnectAccount("sonar"));
}
