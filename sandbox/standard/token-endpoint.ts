import { timingSafeEqual } from "node:crypto";
import { json, AnswerError, type Answer } from "../http/answer";
import { formBody, jsonBody, type SandboxRequest } from "../http/request";
import { hashSecret, fingerprint } from "../oauth/secrets";
import type { ProviderSpec, Quirks, Provider } from "./provider";
import type { Issued, TokenAnswer } from "../oauth/grant-store";

/** Thrown by the token and revocation endpoints; becomes an answer as in RFC 6749 section 5.2. */
class OAuthError extends AnswerError {
  constructor(error: string, description: string, status = 400) {
    super(description, json({ error, error_description: description }, status));
    this.name = "OAuthError";
  }
}

/** The fields of a request to the token or revocation endpoint. */
export type ClientFields = ReadonlyMap<string, string>;

/**
 * Reads the fields and checks the client secret, which is in the body. Throws OAuthError: 401 `invalid_client`; 400
 * `invalid_request` for a repeated field, a field that is not text, or a body type that the provider does not accept.
 */
export function clientRequest(spec: ProviderSpec, request: SandboxRequest): ClientFields {
  const fields = readFields(spec, request);
  const known = fields.get("client_id") === spec.clientId && sameSecret(fields.get("client_secret"), spec.clientSecret);
  if (!known) throw new OAuthError("invalid_client", "client_id or client_secret is wrong", 401);
  return fields;
}

/** A required field. Throws OAuthError 400. */
export function requireField(fields: ClientFields, name: string): string {
  const value = fields.get(name);
  if (!value) throw new OAuthError("invalid_request", `${name} is missing`);
  return value;
}

function readFields(spec: ProviderSpec, request: SandboxRequest): ClientFields {
  try {
    const isJson = request.headers["content-type"]?.startsWith("application/json") ?? false;
    if (!spec.tokenBodies.includes(isJson ? "json" : "form"))
      throw new OAuthError("invalid_request", "wrong content type");
    return isJson ? fromJson(request) : fromForm(formBody(request));
  } catch (error) {
    if (error instanceof OAuthError || !(error instanceof AnswerError)) throw error;
    throw new OAuthError("invalid_request", error.message);
  }
}

function fromForm(form: URLSearchParams): ClientFields {
  const repeated = [...form.keys()].find((name) => form.getAll(name).length > 1);
  if (repeated !== undefined) throw new OAuthError("invalid_request", `${repeated} is given more than once`);
  return new Map(form);
}

function fromJson(request: SandboxRequest): ClientFields {
  const fields = Object.entries(jsonBody(request)).map(([name, value]): [string, string] => {
    if (typeof value !== "string") throw new OAuthError("invalid_request", `${name} must be a string`);
    return [name, value];
  });
  return new Map(fields);
}

/** Compares hashes, which have equal length, so that the time reveals nothing about the secret. */
function sameSecret(given = "", secret: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(given)), Buffer.from(hashSecret(secret)));
}

/** Makes further fields of the answer, e.g. an id token. */
export type MoreTokens = (issued: { accountId: string; scope: string }) => object;

/** POST of the token endpoint (RFC 6749 sections 4.1.3 and 6). Throws OAuthError. */
export function tokenEndpoint(provider: Provider, request: SandboxRequest, more: MoreTokens = () => ({})): Answer {
  const fields = clientRequest(provider.spec, request);
  const grantType = requireField(fields, "grant_type");
  request.notes.grantType = grantType.slice(0, 40);
  const issued = issue(provider, request, grantType, fields);
  if (!issued.ok) throw new OAuthError("invalid_grant", issued.reason);
  request.notes.persona = issued.personaId;
  const { tokens } = issued;
  const extra = more({ accountId: issued.personaId, scope: tokens.scope ?? "" });
  return json({ ...withQuirks(tokens, provider.quirks), ...extra });
}

function issue({ grants, spec }: Provider, request: SandboxRequest, grantType: string, fields: ClientFields): Issued {
  switch (grantType) {
    case "authorization_code": {
      const verifier = spec.pkce === "none" ? "" : (fields.get("code_verifier") ?? "");
      return grants.redeemCode(requireField(fields, "code"), verifier, requireField(fields, "redirect_uri"));
    }
    case "refresh_token": {
      const refreshToken = requireField(fields, "refresh_token");
      request.notes.token = fingerprint(refreshToken);
      return grants.refresh(refreshToken);
    }
    default:
      throw new OAuthError("unsupported_grant_type", "grant_type must be authorization_code or refresh_token");
  }
}

function withQuirks(tokens: TokenAnswer, { refreshTokens, expiresIn }: Quirks): Partial<TokenAnswer> {
  const { refresh_token, expires_in, ...rest } = tokens;
  return {
    ...rest,
    ...(refreshTokens && refresh_token !== undefined && { refresh_token }),
    ...(expiresIn && { expires_in }),
  };
}
