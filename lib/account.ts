import "server-only";
import { cache } from "react";
import { authenticate } from "@/lib/authenticate";
import { getEnv } from "@/lib/env";
import { guarded } from "@/lib/guarded";
import { getEngine } from "@/lib/oauth/app-engine";
import { deadlineIn } from "@/lib/upstream/deadline";
import { complete, connect, disconnect, disconnectAll } from "@/lib/oauth/flow";
import { safeReturnTo } from "@/lib/oauth/return-to";
import type { ProviderId } from "@/lib/oauth/provider";
import { findProvider, requireProvider } from "@/lib/providers/find-provider";
import { withinRate } from "@/lib/rate-limit";
import { fail, success, type Result } from "@/lib/result";
import { bringsSession, findUser, forgetUser, getSession, revokeSession, startSession } from "@/lib/session";

/**
 * Signs in with what the sign-in form has sent. Whoever was signed in in this browser before is signed out first, with their connections.
 * Fails as `authenticate` and `signOut` do.
 */
export async function signIn(form: FormData): Promise<Result<void>> {
  // First of all: an attempt that fails must not end the session that is there.
  const user = await authenticate(form);
  if (!user.ok) return user;
  // Without a session's cookie nobody was there before: the wallet that is remembered is that of whoever signs in now.
  const left = (await bringsSession()) ? await signOut() : success(undefined);
  // A session that still lives on the server is told of, not covered up by a new one. The browser has forgotten it, so trying again works.
  if (!left.ok) return left;
  return success(await startSession(user.data));
}

/**
 * Signs out: the browser forgets its user whatever the database says. Fails with `session/not_ended` when the session or its connections
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
 * The session ends first, so that nothing can be stored for it any more, and then all connections. A refresh that is under way finds its
 * connection gone and writes nothing back. Each step is tried, whatever became of the one before.
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
 * Begins connecting the signed-in user to a provider; returns where to send the browser. Fails with `session/missing`,
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
  return connect(await getEngine(), found.data.provider, session.userId, safeReturnTo(returnTo, env.appUrl), deadline);
}

/**
 * Completes the connection that a callback answers; returns the path to go on to. Fails with `session/missing`, or as
 * `complete` does.
 */
export async function completeConnection(path: string, params: URLSearchParams): Promise<Result<{ returnTo: string }>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const env = getEnv();
  const connector = { userId: session.userId, sessionIdHash: session.idHash };
  const deadline = deadlineIn(env.upstreamTimeoutMs);
  return complete(await getEngine(), (id) => findProvider(env, id), connector, { path, params }, deadline);
}

/**
 * Ends one connection of the signed-in user; also with a provider that is not set up any more, which then cannot be told. Fails with
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

/** What the page and `useSession` need to know about this browser's user; nothing in it is secret. */
export interface SessionStatus {
  signedIn: boolean;
  /** The providers this user is connected to. */
  connected: ProviderId[];
  /** See `Session.viewKey`; empty when signed out. */
  viewKey: string;
}

/** The session status of this request. Read once: the layout and the page must not disagree when another tab connects meanwhile. */
export const readSessionStatus = cache(async (): Promise<SessionStatus> => {
  const session = await getSession();
  if (!session) return { signedIn: false, connected: [], viewKey: "" };
  const { tokens } = await getEngine();
  return { signedIn: true, connected: await tokens.list(session.userId), viewKey: session.viewKey };
});
