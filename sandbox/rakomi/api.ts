import { json } from "../http/answer";
import type { Answer } from "../http/answer";
import { AnswerError } from "../http/answer-error";
import type { SandboxRequest } from "../http/sandbox-request";
import { callerOf } from "../standard/bearer";
import { clientRequest, requireField } from "../standard/client-request";
import type { Provider } from "../standard/provider";

interface Person {
  name: string;
  email: string;
  email_verified: boolean;
}

/** Who there is. */
export const PEOPLE: Readonly<Record<string, Person>> = {
  ada: { name: "Ada Lovelace", email: "ada@example.com", email_verified: true },
  grace: { name: "Grace Hopper", email: "grace@example.com", email_verified: false },
};

/** Rakomi's name for an account, the same in id tokens and at the userinfo endpoint (OpenID Connect Core section 5.3.2). */
export function subjectOf(accountId: string): string {
  return `rk|${accountId}`;
}

/** The body of an error. */
export function rakomiErrorBody(status: number, error = "sandbox_fault"): object {
  return { error, error_description: `status ${status}` };
}

/** Where things are, for apps that ask (OpenID Connect Discovery). The login pages are on a host of their own. */
export function discoveryDocument(issuer: string, apiOrigin: string): Answer {
  return json({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${apiOrigin}/oauth/token`,
    userinfo_endpoint: `${apiOrigin}/oauth/userinfo`,
    revocation_endpoint: `${apiOrigin}/oauth/revoke`,
    jwks_uri: `${apiOrigin}/.well-known/jwks.json`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
    code_challenge_methods_supported: ["S256"],
    authorization_response_iss_parameter_supported: true,
  });
}

/** GET /oauth/userinfo: as much of the person as was granted. */
export function userInfo(provider: Provider, request: SandboxRequest): Answer {
  const caller = callerOf(provider, request);
  const person = caller && PEOPLE[caller.accountId];
  if (!person) {
    const challenge = { "www-authenticate": 'Bearer error="invalid_token"' };
    throw new AnswerError("invalid_token", json(rakomiErrorBody(401, "invalid_token"), 401, challenge));
  }
  const { name, ...email } = person;
  const granted = (scope: string) => caller.scopes.includes(scope);
  return json({
    sub: subjectOf(caller.accountId),
    ...(granted("profile") && { name }),
    ...(granted("email") && email),
  });
}

/** POST /oauth/revoke (RFC 7009): 200 also for a token that nobody knows, and then both tokens are of no use. */
export function revoke(provider: Provider, request: SandboxRequest): Answer {
  provider.grants.revokeToken(requireField(clientRequest(provider.spec, request), "token"));
  return json({});
}
