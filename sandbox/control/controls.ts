import { refuseOtherFields, requireInteger, invalidField } from "../http/fields";
import { jsonBody, type JsonObject, type SandboxRequest } from "../http/request";
import { ApiError, json, nowSo, type Answer } from "../http/answer";
import type { GrantStore } from "../oauth/grant-store";
import type { RequestLog } from "../http/request-log";
import { redirectUriProblem, type RegisteredClient } from "../oauth/registered-client";

/**
 * The JSON object of a control call, with no fields but these; an empty body counts as `{}`. The content type must be
 * JSON even then, because a form on another site cannot send it without a preflight.
 */
export function controlBody(request: SandboxRequest, fields: readonly string[]): JsonObject {
  const body = jsonBody(request.body === "" ? { ...request, body: "{}" } : request);
  refuseOtherFields(body, fields);
  return body;
}

interface HasGrants {
  grants: GrantStore;
}

/** In seconds. sonar-core's timer overflows at 24.8 days, so that it drops a token with a longer lifetime at once. */
const LONGEST_LIFETIME = 24 * 24 * 60 * 60;

/** PUT /sandbox/token-lifetime `{ seconds }`: for every access token that is issued later. */
export function setTokenLifetime({ grants }: HasGrants, request: SandboxRequest): Answer {
  const seconds = requireInteger(controlBody(request, ["seconds"]), "seconds", 1, LONGEST_LIFETIME);
  grants.tokenLifetime = seconds;
  return nowSo(`New access tokens are valid for ${seconds} seconds.`, { seconds });
}

/** POST /sandbox/expire-access-tokens: API calls get a 401 until the app has refreshed. */
export function expireAccessTokens({ grants }: HasGrants, request: SandboxRequest): Answer {
  controlBody(request, []);
  grants.expireAccessTokens();
  return nowSo("All access tokens are expired. Refresh tokens still work.");
}

/** POST /sandbox/revoke-everything: as if every user had withdrawn their consent. */
export function revokeEverything({ grants }: HasGrants, request: SandboxRequest): Answer {
  controlBody(request, []);
  grants.revokeEverything();
  return nowSo("Every connection is revoked: all users must connect again.");
}

interface HasLog {
  log: RequestLog;
}

/** GET /sandbox/requests: the request log, oldest first; with `?after=` only entries with a higher number. */
export function listRequests({ log }: HasLog, request: SandboxRequest): Answer {
  const after = request.query.get("after") ?? "0";
  if (!/^\d{1,15}$/.test(after)) throw invalidField("after", "must be the number of a log entry");
  return json({ requests: log.list(Number(after)) });
}

/** GET /sandbox/requests/NUMBER: one entry with the bodies, whose secrets are cut. */
export function showRequest({ log }: HasLog, { params }: SandboxRequest): Answer {
  const entry = log.find(Number(params["number"]));
  if (!entry) throw new ApiError("not_found", "this request is not in the log (any more)");
  return json(entry);
}

/** DELETE /sandbox/requests. */
export function clearRequests({ log }: HasLog): Answer {
  log.clear();
  return nowSo("The log is empty.");
}

const MAX_URIS = 50;

/** PUT /sandbox/redirect-uris `{ redirectUris }`: registers more of them, as the founder dashboard would. */
export function addRedirectUris({ client }: { client: RegisteredClient }, request: SandboxRequest): Answer {
  const uris = requireUris(controlBody(request, ["redirectUris"]));
  if (new Set([...client.redirectUris, ...uris]).size > MAX_URIS) {
    throw invalidField("redirectUris", `would be more than ${MAX_URIS} in total`);
  }
  client.addRedirectUris(uris);
  return json({ redirectUris: client.redirectUris });
}

function requireUris(body: JsonObject): string[] {
  const value = body["redirectUris"];
  if (!Array.isArray(value) || value.length === 0) throw invalidField("redirectUris", "must be a list of URLs");
  return value.map((uri: unknown, index) => {
    const field = `redirectUris[${index}]`;
    if (typeof uri !== "string") throw invalidField(field, "must be a string");
    const problem = redirectUriProblem(uri);
    if (problem !== undefined) throw invalidField(field, problem);
    return uri;
  });
}
