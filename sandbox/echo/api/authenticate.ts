import { ApiError } from "../../http/api-error";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { fingerprint } from "../../oauth/secrets";
import { findPersona } from "../personas/all-personas";
import type { Persona } from "../personas/persona";

/** Whose request it is, and by which approval. */
export interface Caller {
  persona: Persona;
  grantId: string;
}

/** Echo's own scheme: plain "Bearer" is refused (sonar.md 1.5). */
const AUTHORIZATION = /^api:Bearer (\S+)$/;

/** The caller of an API request. Throws ApiError 401 without a live access token in exactly Echo's form. */
export function authenticate(echo: Echo, request: SandboxRequest): Caller {
  const token = AUTHORIZATION.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new ApiError("unauthenticated", "authorization must be: api:Bearer <access token>");
  request.notes.token = fingerprint(token);
  const grant = echo.grants.findByAccessToken(token);
  const persona = grant && findPersona(grant.personaId);
  if (!grant || !persona) throw new ApiError("unauthenticated", "the access token is unknown, expired or revoked");
  request.notes.persona = persona.id;
  return { persona, grantId: grant.id };
}
