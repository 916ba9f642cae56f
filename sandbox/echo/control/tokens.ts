import { json, noContent } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { requireInteger } from "../../http/fields";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { controlBody } from "./control-body";

/** Seconds. sonar-core's timer overflows at 24.8 days and drops a token that lives longer at once. */
const LONGEST_LIFETIME = 24 * 24 * 60 * 60;

/** PUT /sandbox/token-lifetime `{ seconds }`: for access tokens issued from now on. */
export function setTokenLifetime(echo: Echo, request: SandboxRequest): Answer {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 1, LONGEST_LIFETIME);
  echo.grants.tokenLifetime = seconds;
  return json({ seconds });
}

/** POST /sandbox/expire-access-tokens: API calls answer 401 until the app has refreshed. */
export function expireAccessTokens(echo: Echo, request: SandboxRequest): Answer {
  controlBody(request, []);
  echo.grants.expireAccessTokens();
  return noContent();
}

/** POST /sandbox/revoke-everything: as if every user had withdrawn consent. */
export function revokeEverything(echo: Echo, request: SandboxRequest): Answer {
  controlBody(request, []);
  echo.grants.revokeEverything();
  return noContent();
}
