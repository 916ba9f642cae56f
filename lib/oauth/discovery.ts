import "server-only";
import {
  customFetch,
  discoveryRequest,
  JSON_ATTRIBUTE_COMPARISON,
  OperationProcessingError,
  processDiscoveryResponse,
  type AuthorizationServer,
} from "oauth4webapi";
import { deadlineIn, passedSince, thisMoment, type Deadline, type Moment } from "@/lib/http/deadline";
import { requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import { isSafeEndpoint } from "@/lib/http/secure-url";
import { upstreamFetch } from "@/lib/http/upstream";
import type { OAuthEndpoints, OAuthSpec } from "@/lib/oauth/oauth-spec";
import { insecureOnLoopback, oauthFailure } from "@/lib/oauth/token-endpoint";
import { fail, success, type Failure, type Result } from "@/lib/result";

/** A discovery document is used for this long (milliseconds). After that, the old one serves only while no new one can be read. */
const FRESH_FOR_MS = 10 * 60 * 1_000;

/** After a failure the next attempt waits for this long (milliseconds), so that a server that is down is not asked at every click. */
const RETRY_AFTER_MS = 10_000;

/** Short, because the user is waiting for the redirect (milliseconds). */
const TIMEOUT_MS = 3_000;

interface Entry {
  /** The last document that could be read, or else the failure. */
  found?: Result<AuthorizationServer>;
  askedAt?: Moment;
  /** For this long after that, it is not asked for again (milliseconds). */
  restMs: number;
  asking?: Promise<void>;
}

async function readDocument(issuer: string, at: string): Promise<Result<AuthorizationServer>> {
  const deadline = deadlineIn(TIMEOUT_MS);
  const options = { ...insecureOnLoopback(at), [customFetch]: upstreamFetch("oauth.discovery", deadline, () => true) };
  try {
    const server = await processDiscoveryResponse(new URL(issuer), await discoveryRequest(new URL(at), options));
    // The library compares URLs, but the identifier is text, and every letter counts (OpenID Connect Discovery section 4.3).
    return server.issuer === issuer ? success(server) : fail("oauth/issuer_mismatch");
  } catch (error) {
    const isMismatch = error instanceof OperationProcessingError && error.code === JSON_ATTRIBUTE_COMPARISON;
    return isMismatch ? fail("oauth/issuer_mismatch") : oauthFailure(error);
  }
}

/** A document that exists but cannot be used is an error that the operator must fix, mostly an issuer that differs by a path or a slash. */
function logDiscoveryFailure({ code, status }: Failure, issuer: string): void {
  const level = code === "oauth/network_error" ? "warn" : "error";
  requestLog("-")[level]("oauth.discovery", { issuer, code, status });
}

async function ask(entry: Entry, issuer: string, at: string): Promise<void> {
  try {
    const read = await readDocument(issuer, at);
    if (!read.ok) logDiscoveryFailure(read.error, issuer);
    if (read.ok || !entry.found?.ok) entry.found = read;
    entry.askedAt = thisMoment();
    entry.restMs = read.ok ? FRESH_FOR_MS : RETRY_AFTER_MS;
  } finally {
    delete entry.asking;
  }
}

function untilOver({ signal }: Deadline): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * The discovery document of an issuer, below `at`. It is requested once for all who need it at the same moment, kept for ten minutes, and
 * then used until a new one can be read. Fails with `oauth/network_error` if there is none in time, with `oauth/issuer_mismatch` if it
 * is another issuer's, and with `oauth/invalid_response` if it is not a discovery document.
 */
async function discover(
  { issuer, at }: { issuer: string; at: string },
  deadline: Deadline,
): Promise<Result<AuthorizationServer>> {
  const cache = processGlobal("discovery", () => new Map<string, Entry>());
  const key = `${issuer} ${at}`;
  const entry = cache.get(key) ?? { restMs: 0 };
  cache.set(key, entry);
  if (!entry.askedAt || passedSince(entry.askedAt) >= entry.restMs) {
    entry.asking ??= ask(entry, issuer, at);
    await Promise.race([entry.asking, untilOver(deadline)]);
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

/** True if a document's endpoints are safe for a browser and the secret, and if the page's policy allows forms to lead to its authorize page. */
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
 * Tells the operator of a document that is not used, once for each that is fetched, since every click reads it. If endpoints are set, nothing
 * else would show that the document has changed.
 */
function logUnusable(document: AuthorizationServer, issuer: string): void {
  const logged = processGlobal("unusable-documents", () => new WeakSet<AuthorizationServer>());
  if (logged.has(document)) return;
  logged.add(document);
  logDiscoveryFailure(fail("oauth/invalid_response").error, issuer);
}

/**
 * A provider's authorization server, from its discovery document if it has one, else from the endpoints that are set. Without
 * endpoints, it fails with `oauth/network_error` while the document cannot be read, and with `oauth/invalid_response` if the document
 * cannot be used: another issuer's, or one with an unsafe endpoint, such as an authorize page that is not among `authorizeOrigins`.
 */
export async function authorizationServer(spec: OAuthSpec, deadline: Deadline): Promise<Result<AuthorizationServer>> {
  const { issuer } = spec;
  if (!("discoverAt" in spec)) return success(fromEndpoints(issuer, spec.endpoints));
  const discovered = await discover({ issuer, at: spec.discoverAt }, deadline);
  if (discovered.ok && isUsable(discovered.data, spec, [issuer, spec.discoverAt])) return discovered;
  if (discovered.ok) logUnusable(discovered.data, issuer);
  if (spec.endpoints) return success(fromEndpoints(issuer, spec.endpoints));
  const isUnreachable = !discovered.ok && discovered.error.code === "oauth/network_error";
  return isUnreachable ? discovered : fail("oauth/invalid_response");
}
