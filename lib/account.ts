import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import type { AuditEvent } from "@/lib/audit";
import { authenticate, signsInAtOnce } from "@/lib/authenticate";
import { getEnv } from "@/lib/config/env";
import { deadlineIn } from "@/lib/http/deadline";
import { safeReturnTo } from "@/lib/http/form-route";
import { guarded } from "@/lib/http/guarded";
import { requestLog } from "@/lib/http/log";
import { loggedIdentity } from "@/lib/http/log-identity";
import { checkCallbackRate, checkConnectRate, checkSignInRate } from "@/lib/http/rate-limit";
import { getEngine } from "@/lib/oauth/engine";
import { complete, connect, disconnect, disconnectAll, forgetConnection, logStrayRefusal } from "@/lib/oauth/flow";
import type { ProviderId } from "@/lib/oauth/provider";
import { findProvider, providerAt, requireProvider } from "@/lib/providers/registry";
import { fail, success, type Result } from "@/lib/result";
import {
  browserName,
  browserOf,
  demoUser,
  findUser,
  forgetUser,
  getSession,
  hasSessionCookie,
  listSessions,
  onePerBrowser,
  revokeAllSessions,
  revokeBrowser,
  revokeSession,
  sentSession,
  startSession,
  type User,
} from "@/lib/session";
import type { ListedSession } from "@/lib/stores/contracts";
import { sha256 } from "@/lib/stores/seal";

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
  const allowed = await checkSignInRate(await headers());
  if (!allowed.ok) return allowed;
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
 * Signs a user in whom the caller has identified. Somebody else who is still signed in is signed out first, as by `signOut`. If it is the same
 * person, as in a tab that was opened before, a new session replaces the one before and the connections stay. `browser`: the name that this
 * browser had when signing in began, which two tabs share that finish together. Fails as `signOut` does.
 */
export async function signInAs(user: User, browser?: string): Promise<Result<void>> {
  // Read now: signing out makes the browser forget it.
  const name = browser ?? (await browserName());
  const sent = await sentSession();
  const owner = sent === undefined ? success(null) : await ownerOf(sent);
  if (sent !== undefined && owner.ok && owner.data === user.id) return signInAgain(user, sent, name);
  // Without a session cookie nobody was signed in before, so the remembered wallet belongs to this user and stays.
  const left = (await hasSessionCookie()) ? await leave("here", owner) : success(undefined);
  // If the old session still lives on the server, the user must know. The browser has forgotten it, so trying again works.
  if (!left.ok) return left;
  await startSession(user, name);
  await noteInLogAndAudit(user.id, { event: "sign-in" });
  return success(undefined);
}

/**
 * The new session is there before the old one ends: connections end with the last session of their user. What the old one has begun ends with it,
 * because an OAuth request belongs to its session.
 */
async function signInAgain(user: User, before: string, browser: string): Promise<Result<void>> {
  await startSession(user, browser);
  const ended = await ending("sign-in.session", () => revokeSession(before));
  if (!ended.ok) {
    await signOut();
    return fail("session/not_ended");
  }
  const requestId = (await headers()).get("x-request-id") ?? "-";
  requestLog(requestId, () => loggedIdentity({ userId: user.id, idHash: before })).info("session.replaced");
  await noteInLogAndAudit(user.id, { event: "sign-in", replaced: true });
  return success(undefined);
}

/** Only after the event: a failure to write about it changes nothing. */
async function noteInLogAndAudit(userId: string, event: AuditEvent & { event: "sign-in" | "sign-out" | "disconnect" }) {
  const { log, audit } = await getEngine();
  log.info(event.event, "provider" in event ? { provider: event.provider } : {});
  audit.note(userId, event);
}

/**
 * Signs out, here or in every browser. The connections end with the last session of the user: a person who signs out of one browser stays
 * connected in the others. This browser forgets its user even if the database fails. Fails with `session/not_ended` if the session or its
 * connections could not be ended on the server, and with `session/not_everywhere` if it had ended before: it no longer tells whose browsers to end.
 */
export async function signOut(where: "here" | "everywhere" = "here"): Promise<Result<void>> {
  return leave(where);
}

/** As `signOut`. `owner` is the user of the session, if it has been read. */
async function leave(where: "here" | "everywhere", owner?: Result<string | null>): Promise<Result<void>> {
  const idHash = await forgetUser();
  const known = idHash === undefined ? success(null) : (owner ?? (await ownerOf(idHash)));
  const ended = idHash === undefined ? success(undefined) : await endOnServer(idHash, where, known);
  const isNobody = known.ok && known.data === null;
  return ended.ok && isNobody && where === "everywhere" ? fail("session/not_everywhere") : ended;
}

/** A step towards a session's end. Its error is logged and becomes a Failure, so that the next step runs. */
function ending<T>(call: string, run: () => Promise<T>): Promise<Result<T>> {
  return guarded(call, async () => success(await run()));
}

function ownerOf(idHash: string): Promise<Result<string | null>> {
  return ending("sign-out.owner", () => findUser(idHash));
}

async function disconnectUser(userId: string, endedSession?: string): Promise<void> {
  await disconnectAll(await getEngine(), (id) => findProvider(getEnv(), id), userId, endedSession);
}

/**
 * Ends the sessions first, so that nothing more can be stored for them, and then the connections. A refresh in progress finds its connection
 * gone and writes nothing back. Every step runs, even if an earlier one failed.
 */
async function endOnServer(
  idHash: string,
  where: "here" | "everywhere",
  owner: Result<string | null>,
): Promise<Result<void>> {
  const userId = owner.ok ? owner.data : null;
  const everywhere = where === "everywhere" && userId !== null;
  const revoked = await ending("sign-out.session", () =>
    everywhere ? revokeAllSessions(userId) : revokeBrowser(idHash),
  );
  const disconnected =
    userId === null
      ? owner
      : await ending("sign-out.connections", () => disconnectUser(userId, everywhere ? undefined : idHash));
  if (userId !== null && revoked.ok) await noteInLogAndAudit(userId, { event: "sign-out" });
  return revoked.ok && disconnected.ok ? success(undefined) : fail("session/not_ended");
}

/** A browser that the user is signed in with. */
export interface SignedInBrowser {
  /** Names the browser in the form that signs it out, also when it has signed in again meanwhile. It signs nobody in. */
  handle: string;
  /** True for the browser that asks. */
  current: boolean;
  /** Milliseconds since 1970, as is `seenAt`, the last use to within a minute. */
  since: number;
  seenAt: number;
}

/** The browsers that the user is signed in with, the latest first. Fails with `session/missing`. */
export async function readSignedInBrowsers(): Promise<Result<SignedInBrowser[]>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const sessions = await listSessions(session.userId);
  return success(
    onePerBrowser(sessions, session.idHash).map((shown) => ({
      handle: handleOf(shown),
      current: shown.idHash === session.idHash,
      since: shown.createdAt,
      seenAt: shown.seenAt,
    })),
  );
}

function handleOf(session: ListedSession): string {
  return sha256(`handle|${browserOf(session)}`).slice(0, 22);
}

/** Signs the user out of one of their browsers, which may have ended meanwhile. Fails with `session/missing`. */
export async function signOutBrowser(handle: string): Promise<Result<void>> {
  const session = await getSession();
  if (!session) return fail("session/missing");
  const sessions = onePerBrowser(await listSessions(session.userId), session.idHash);
  const ended = sessions.find((shown) => handleOf(shown) === handle);
  if (ended?.idHash === session.idHash) return signOut();
  if (ended) {
    await revokeBrowser(ended.idHash);
    // This browser may be signing out at the same moment, and then neither of the two is the one that stays.
    await disconnectUser(session.userId, ended.idHash);
    await noteInLogAndAudit(session.userId, { event: "sign-out" });
  }
  return success(undefined);
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
  const allowed = await checkConnectRate(session.userId, await headers());
  if (!allowed.ok) return allowed;
  const deadline = deadlineIn(env.upstreamTimeoutMs);
  const { userId, idHash: sessionIdHash } = session;
  const request = { userId, sessionIdHash, returnTo: safeReturnTo(returnTo, env.appUrl), deadline };
  const engine = await getEngine();
  const begun = await connect(engine, found.data.provider, request);
  if (begun.ok) engine.log.info("connect.begun", { provider: providerId });
  return begun;
}

/**
 * Completes a connection from its callback; returns the path to continue at. Fails with `api/rate_limited`, `session/missing`, or as
 * `complete` does.
 */
export async function completeConnection(path: string, params: URLSearchParams): Promise<Result<{ returnTo: string }>> {
  const [allowed, session] = await Promise.all([checkCallbackRate("api/rate_limited", await headers()), getSession()]);
  if (!allowed.ok) return allowed;
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
  else await forgetConnection(engine, providerId, session.userId);
  await noteInLogAndAudit(session.userId, { event: "disconnect", provider: providerId });
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
