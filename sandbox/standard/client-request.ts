import { timingSafeEqual } from "node:crypto";
import { AnswerError } from "../http/answer-error";
import { formBody } from "../http/form-body";
import { jsonBody } from "../http/json-body";
import type { SandboxRequest } from "../http/sandbox-request";
import { hashSecret } from "../oauth/secrets";
import { OAuthError } from "./oauth-error";
import type { ProviderSpec } from "./provider-spec";

/** The fields of a request to the token or revocation endpoint. */
export type ClientFields = ReadonlyMap<string, string>;

/**
 * Reads the fields and checks the client's secret, which is in the body. Throws OAuthError: 401 `invalid_client`, 400
 * `invalid_request` for a repeated field, a field that is no text, or a body of another kind than the provider takes.
 */
export function clientRequest(spec: ProviderSpec, request: SandboxRequest): ClientFields {
  const fields = readFields(spec, request);
  const known = fields.get("client_id") === spec.clientId && sameSecret(fields.get("client_secret"), spec.clientSecret);
  if (!known) throw new OAuthError("invalid_client", "client_id or client_secret is wrong", 401);
  return fields;
}

/** A field that must be there. Throws OAuthError 400. */
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

/** Compares hashes: they are of equal length, and the time says nothing about how much was right. */
function sameSecret(given = "", secret: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(given)), Buffer.from(hashSecret(secret)));
}
