import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import { authenticate, signsInAtOnce } from "@/lib/authenticate";
import { getEnv } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import { safeReturnTo } from "@/lib/http/form-route";
import { guarded } from "@/lib/http/guarded";
import { withinRate, withinSignInRate } from "@/lib/http/rate-limit";
import { getEngine } from "@/lib/oauth/engine";
import { complete, connect, disconnect, disconnectAll, logStrayRefusal } from "@/lib/oauth/flow";
import type { ProviderId } from "@/lib/oauth/provider";
import { findProvider, providerAt, requireProvider } from "@/lib/providers/registry";
import { fail, success, type Result } from "@/lib/result";
import {
  demoUser,
  findUser,
  forgetUser,
  getSession,
  hasSessionCookie,
  revokeSession,
  startSession,
  type User,
} from "@/lib/session";

/**
 * Signs in with the fields of the sign-in form. Returns the address to continue at, if somebody else must identify the user first: until
 * then, an existing session stays. Fails with `login/too_many`, or as `authenticate` and `signInAs` do.
 */
export async function signIn(form: FormData): Promise<Result<{ continueAt?: string }>> {
  // This comes first: an attempt that fails must not end an existing session.
  const identified = getEnv().demoSignIn ? success({ user: demoUser() }) : await authenticate(form);
  if (!identified.ok) return identified;
  if ("continueAt" in identified.data) return success({ continueAt: identified.data.continueAt });
  // A demo user needs no password: anybody can post the form, and each time a session is stored.
  if (!(await withinSignInRate(await headers()))) return fail("login/too_many");
  const signedIn = await signInAs(identified.data.user);
  return signedIn.ok ? success({}) : signedIn;
}

/** True if signing in asks for nothing, so that one press can sign in and connect Sonar. */
export function offersOnePress(): boolean {
  return getEnv().demoSignIn || signsInAtOnce();
}

/**
 * Signs in and begins connecting Sonar, with one press. Returns the address to continue at: Sonar's consent page, or where somebody else must
 * identify the user first. Fails as `signIn` and `connectAccount` do; in the second case the user is signed in, and can connect again.
 */
export async function signInAndConnect(form: FormData): Promise<Result<{ continueAt: string }>> {
  const signedIn = await signIn(form);
  if (!signedIn.ok) return signedIn;
  const { continueAt } = signedIn.data;
  if (continueAt !== undefined) return success({ continueAt });
  const begun = await connectAccount("sonar", form.get("returnTo"));
  return begun.ok ? success({ continueAt: begun.data.url }) : begun;
}

/**
 * Signs a user in whom the caller has identified. Somebody who is still signed in is signed out first, with their connections. Fails as
 * `signOut` does.
 */
export async function signInAs(user: User): Promise<Result<void>> {
  // Without a session cookie nobody was signed in before, so the remembered wallet belongs to this user and stays.
  const left = (await hasSessionCookie()) ? await signOut() : success(undefined);
  // If the old session still lives on the server, the user must know. The browser has forgotten it, so trying again works.
  if (!left.ok) return left;
  return success(await startSession(user));
}

/**
 * Signs out. The browser forgets its user even if the database fails. Fails with `session/not_ended` if the session or its connections
 * could not be ended on the server.
 */
export async function signOut(): Promise<Result<void>> {
  const idHash = await forgetUser();
  return idHash === undefined ? success(undefined) : endOnServer(idHash);
}

async function disconnectUser(userId: string): Promise<void> {
  await disconnectAll(await getEngine(), (id) => findProvider(getEnv(), id), userId);
}

/**
 * Ends the session first, so that nothing more can be stored for it, and then all connections. A refresh in progress finds its connection
 * gone and writes nothing back. Every step runs, even if an earlier one failed.
 */
async function endOnServer(idHash: string): Promise<Result<void>> {
  const step = <T>(call: string, run: () => Promise<T>) => guarded(call, async () => success(await run()));
  const owner = await step("sign-out.owner", () => findUser(idHash));
  const revoked = await step("sign-out.session", () => revokeSession(idHash));
  const userId = owner.ok ? owner.data : null;
  const disconnected = userId === null ? owner : await step("sign-out.connections", () => disconnectUser(userId));
  return revoked.ok && disconnected.ok ? success(undefined) : fail("session/not_ended");
}

/**
 * Begins connecting the signed-in user to a provider; returns the URL to send the browser to. Fails with `session/missing`,
 * `connection/unknown_provider`, `config/missing`, `api/rate_limited`, or as the provider's `begin` does.
 */
export async function connectAccount(providerId: string, returnTo: unknown): Promise<Result<{ url: string }>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const env = getEnv();
  const found = requireProvider(env, providerId);
  if (!found.ok) return found;
  if (!(await withinRate("connect", session.userId))) return fail("api/rate_limited");
  const deadline = deadlineIn(env.upstreamTimeoutMs);
  const request = { userId: session.userId, returnTo: safeReturnTo(returnTo, env.appUrl), deadline };
  return connect(await getEngine(), found.data.provider, request);
}

/** Completes a connection from its callback; returns the path to continue at. Fails with `session/missing`, or as `complete` does. */
export async function completeConnection(path: string, params: URLSearchParams): Promise<Result<{ returnTo: string }>> {
  const session = await getSession();
  const engine = await getEngine();
  const env = getEnv();
  const pathProvider = providerAt(env, path);
  if (!session) {
    logStrayRefusal(engine, { params, pathProvider });
    return fail("session/missing");
  }
  const callback = { path, params, userId: session.userId, sessionIdHash: session.idHash, pathProvider };
  const deadline = deadlineIn(env.upstreamTimeoutMs);
  return complete(engine, (id) => findProvider(env, id), callback, deadline);
}

/**
 * Ends one connection of the signed-in user. If the provider is no longer set up, the connection is deleted without revoking it. Fails with
 * `session/missing` or `connection/unknown_provider`.
 */
export async function disconnectAccount(providerId: string): Promise<Result<void>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const found = requireProvider(getEnv(), providerId);
  if (!found.ok && found.error.code !== "config/missing") return found;
  const engine = await getEngine();
  if (found.ok) await disconnect(engine, found.data.provider, session.userId);
  else await engine.tokens.clear({ provider: providerId, userId: session.userId });
  return success(undefined);
}

/** The facts about this browser's user that the page and `useSession` need; none of them is secret. */
export interface SessionStatus {
  signedIn: boolean;
  /** Absent if signed out, or if nobody has told it. */
  name?: string;
  /** The providers that this user is connected to. */
  connected: ProviderId[];
  sonarConnected: boolean;
  /** See `Session.viewKey`; empty when signed out. */
  viewKey: string;
}

/** The session status of this request. Read once: the layout and the page must not disagree if another tab connects meanwhile. */
export const readSessionStatus = cache(async (): Promise<SessionStatus> => {
  const session = await getSession();
  if (!session) return { signedIn: false, connected: [], sonarConnected: false, viewKey: "" };
  const { userId, name, viewKey } = session;
  const connected = await (await getEngine()).tokens.list(userId);
  const sonarConnected = connected.includes("sonar");
  return { signedIn: true, ...(name !== undefined && { name }), connected, sonarConnected, viewKey };
});
