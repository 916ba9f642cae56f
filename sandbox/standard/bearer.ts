import type { SandboxRequest } from "../http/sandbox-request";
import { fingerprint } from "../oauth/secrets";
import type { Caller, Provider } from "./provider";

/** Whose request to the API it is; `undefined` without a live access token in exactly the form of RFC 6750 section 2.1. */
export function callerOf({ grants }: Provider, request: SandboxRequest): Caller | undefined {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  request.notes.token = fingerprint(token);
  const grant = grants.findByAccessToken(token);
  if (!grant) return undefined;
  request.notes.persona = grant.personaId;
  return { accountId: grant.personaId, scopes: (grant.scope ?? "").split(" ") };
}
