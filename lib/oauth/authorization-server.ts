import "server-only";
import type { AuthorizationServer } from "oauth4webapi";
import type { Deadline } from "@/lib/upstream/deadline";
import { discover, logTrouble } from "@/lib/oauth/discovery";
import type { OAuthEndpoints, OAuthSpec } from "@/lib/oauth/oauth-spec";
import { fail, success, type Result } from "@/lib/result";
import { isSafeEndpoint } from "@/lib/oauth/endpoint-safety";
import { processGlobal } from "@/lib/process-global";

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
  logTrouble(fail("oauth/invalid_response").error, issuer);
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
