import "server-only";
import {
  customFetch,
  discoveryRequest,
  JSON_ATTRIBUTE_COMPARISON,
  OperationProcessingError,
  processDiscoveryResponse,
  type AuthorizationServer,
} from "oauth4webapi";
import { requestLog } from "@/lib/http/log";
import { deadlineIn, type Deadline } from "@/lib/http/deadline";
import { insecureOnLoopback, oauthFailure } from "@/lib/oauth/token-endpoint";
import { upstreamFetch } from "@/lib/http/upstream";
import { processGlobal } from "@/lib/http/process-global";
import { fail, success, type Failure, type Result } from "@/lib/result";
import type { OAuthEndpoints, OAuthSpec } from "@/lib/oauth/oauth-spec";
import { isSafeEndpoint } from "@/lib/http/secure-url";

/** How long a discovery document is good for (milliseconds); after that, the old one is used while a new one cannot be had. */
const FRESH_FOR_MS = 10 * 60 * 1_000;

/** After a failure the next attempt waits for this long (milliseconds): a server that is down is not asked for every click. */
const RETRY_AFTER_MS = 10_000;

/** Short, since the user is waiting to be sent on, and where endpoints are known there is a way without (milliseconds). */
const TIMEOUT_MS = 3_000;

interface Entry {
  /** The last document that could be had, or else why there is none. */
  found?: Result<AuthorizationServer>;
  /** Milliseconds since 1970. */
  askAgainAt: number;
  asking?: Promise<void>;
}

async function readDocument(issuer: string, at: string): Promise<Result<AuthorizationServer>> {
  const deadline = deadlineIn(TIMEOUT_MS);
  const options = { ...insecureOnLoopback(at), [customFetch]: upstreamFetch(deadline, () => true) };
  try {
    const server = await processDiscoveryResponse(new URL(issuer), await discoveryRequest(new URL(at), options));
    // The library compares as URLs; the identifier is text, and every letter counts (OpenID Connect Discovery section 4.3).
    return server.issuer === issuer ? success(server) : fail("oauth/issuer_mismatch");
  } catch (error) {
    const isAnothers = error instanceof OperationProcessingError && error.code === JSON_ATTRIBUTE_COMPARISON;
    return isAnothers ? fail("oauth/issuer_mismatch") : oauthFailure(error);
  }
}

/** A document that is there and of no use is for the operator to mend: mostly an issuer that differs by a path or a slash. */
export function logDiscoveryFailure({ code, status }: Failure, issuer: string): void {
  const level = code === "oauth/network_error" ? "warn" : "error";
  requestLog("-")[level]("oauth.discovery", { issuer, code, status });
}

async function ask(entry: Entry, issuer: string, at: string, now: () => number): Promise<void> {
  try {
    const read = await readDocument(issuer, at);
    if (!read.ok) logDiscoveryFailure(read.error, issuer);
    if (read.ok || !entry.found?.ok) entry.found = read;
    entry.askAgainAt = now() + (read.ok ? FRESH_FOR_MS : RETRY_AFTER_MS);
  } finally {
    delete entry.asking;
  }
}

function whenOver({ signal }: Deadline): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * The discovery document of an issuer, looked for below `at`. Asked for once by all who want it at the same moment, kept for ten
 * minutes, and then used for as long as no new one can be had. Fails with `oauth/network_error` when there is none in time, with
 * `oauth/issuer_mismatch` when it is another issuer's, and with `oauth/invalid_response` when it is none at all.
 */
export async function discover(
  { issuer, at }: { issuer: string; at: string },
  now: () => number,
  deadline: Deadline,
): Promise<Result<AuthorizationServer>> {
  const cache = processGlobal("discovery", () => new Map<string, Entry>());
  const key = `${issuer} ${at}`;
  const entry = cache.get(key) ?? { askAgainAt: 0 };
  cache.set(key, entry);
  if (now() >= entry.askAgainAt) {
    entry.asking ??= ask(entry, issuer, at, now);
    await Promise.race([entry.asking, whenOver(deadline)]);
  }
  return entry.found ?? fail("oauth/network_error", { reason: "timeout" });
}

function fromEndpoints(issuer: string, { authorization, token, revocation }: OAuthEndpoints): AuthorizationServer {
  return {
    issuer,
    authorization_endpoint: authorization,
    token_endpoint: token,
    revocation_endpoint: revocation,
  };
}

/** A document may not send a browser, or our secret, to where it must not go; nor a form to where the page's policy blocks it. */
function isUsable(
  { authorization_endpoint, token_endpoint, revocation_endpoint }: AuthorizationServer,
  { authorizeOrigins }: OAuthSpec,
  trusted: readonly string[],
) {
  if (authorization_endpoint === undefined || token_endpoint === undefined) return false;
  const all = [
    authorization_endpoint,
    token_endpoint,
    ...(revocation_endpoint === undefined ? [] : [revocation_endpoint]),
  ];
  const areSafe = all.every((endpoint) => isSafeEndpoint(endpoint, trusted));
  return areSafe && authorizeOrigins.includes(new URL(authorization_endpoint).origin);
}

/**
 * Tells the operator of a document that is not followed, once of each that is fetched: every click looks at it. Where endpoints are set nothing
 * else would show that somebody has changed the document.
 */
function logUnusable(document: AuthorizationServer, issuer: string): void {
  const logged = processGlobal("unusable-documents", () => new WeakSet<AuthorizationServer>());
  if (logged.has(document)) return;
  logged.add(document);
  logDiscoveryFailure(fail("oauth/invalid_response").error, issuer);
}

/**
 * What is known of a provider's authorization server: from its discovery document where it has one, else from the endpoints that
 * are set. Without these, fails with `oauth/network_error` while the document cannot be had, and with `oauth/invalid_response` where it is of
 * no use: another issuer's, or one that sends users or secrets to where they must not go (an authorize page that is not among
 * `authorizeOrigins`, say).
 */
export async function authorizationServer(
  spec: OAuthSpec,
  now: () => number,
  deadline: Deadline,
): Promise<Result<AuthorizationServer>> {
  const { issuer } = spec;
  if (!("discoverAt" in spec)) return success(fromEndpoints(issuer, spec.endpoints));
  const discovered = await discover({ issuer, at: spec.discoverAt }, now, deadline);
  if (discovered.ok && isUsable(discovered.data, spec, [issuer, spec.discoverAt])) return discovered;
  if (discovered.ok) logUnusable(discovered.data, issuer);
  if (spec.endpoints) return success(fromEndpoints(issuer, spec.endpoints));
  const isAway = !discovered.ok && discovered.error.code === "oauth/network_error";
  return isAway ? discovered : fail("oauth/invalid_response");
}
