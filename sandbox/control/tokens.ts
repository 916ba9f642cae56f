import { json, noContent } from "../http/answer";
import type { Answer } from "../http/answer";
import { requireInteger } from "../http/fields";
import type { SandboxRequest } from "../http/sandbox-request";
import type { GrantStore } from "../oauth/grant-store";
import { controlBody } from "./control-body";

interface HasGrants {
  grants: GrantStore;
}

/** Seconds. sonar-core's timer overflows at 24.8 days and drops a token that lives longer at once. */
const LONGEST_LIFETIME = 24 * 24 * 60 * 60;

/** PUT /sandbox/token-lifetime `{ seconds }`: for access tokens issued from now on. */
export function setTokenLifetime({ grants }: HasGrants, request: SandboxRequest): Answer {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 1, LONGEST_LIFETIME);
  grants.tokenLifetime = seconds;
  return json({ seconds });
}

/** POST /sandbox/expire-access-tokens: API calls answer 401 until the app has refreshed. */
export function expireAccessTokens({ grants }: HasGrants, request: SandboxRequest): Answer {
  controlBody(request, []);
  grants.expireAccessTokens();
  return noContent();
}

/** POST /sandbox/revoke-everything: as if every user had withdrawn consent. */
export function revokeEverything({ grants }: HasGrants, request: SandboxRequest): Answer {
  controlBody(request, []);
  grants.revokeEverything();
  return noContent();
}
