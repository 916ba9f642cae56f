import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { json, AnswerError, type Answer } from "../http/answer";
import type { SandboxRequest } from "../http/request";
import { callerOf, makeProvider, type Provider, type ProviderOptions, type ProviderSpec } from "../standard/provider";
import { clientRequest, requireField, tokenEndpoint } from "../standard/token-endpoint";
import { sandboxClient } from "../../lib/config/sandbox";
import { closeServer, listen } from "../http/service";
import type { Route } from "../http/router";
import { controlRoutes } from "../standard/control-routes";
import { consentRoutes, serve, type RunningProvider } from "../standard/serve";

const LIFETIME_SECONDS = 600;
const KEY_ID = "sandbox";

/** The issuer, client and person of an id token. */
interface Assertion {
  issuer: string;
  audience: string;
  subject: string;
}

/** Signs id tokens (RS256) with a key that is generated at every start. */
class IdTokenSigner {
  private readonly keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

  /** The public key as GET /.well-known/jwks.json returns it. */
  jwks(): object {
    return { keys: [{ ...jwkOf(this.keys.publicKey), kid: KEY_ID, alg: "RS256", use: "sig" }] };
  }

  /** Makes an id token; `now` is in milliseconds. */
  sign({ issuer, audience, subject }: Assertion, now: number): string {
    const iat = Math.floor(now / 1_000);
    const claims = { iss: issuer, aud: audience, sub: subject, iat, exp: iat + LIFETIME_SECONDS };
    const content = [{ alg: "RS256", kid: KEY_ID }, claims].map(encodePart).join(".");
    return `${content}.${sign("sha256", Buffer.from(content), this.keys.privateKey).toString("base64url")}`;
  }
}

function jwkOf(key: KeyObject): object {
  return key.export({ format: "jwk" });
}

function encodePart(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

interface Person {
  name: string;
  email: string;
  email_verified: boolean;
}

/** The people with an account. */
const PEOPLE: Readonly<Record<string, Person>> = {
  ada: { name: "Ada Lovelace", email: "ada@example.com", email_verified: true },
  grace: { name: "Grace Hopper", email: "grace@example.com", email_verified: false },
};

/** Rakomi's id for an account, the same in id tokens and at the userinfo endpoint (OpenID Connect Core section 5.3.2). */
function subjectOf(accountId: string): string {
  return `rk|${accountId}`;
}

/** The body of an error. */
function rakomiErrorBody(status: number, error = "sandbox_fault"): object {
  return { error, error_description: `status ${status}` };
}

/** The endpoints, for apps that look them up (OpenID Connect Discovery). The login pages are on a host of their own. */
function discoveryDocument(issuer: string, apiOrigin: string): Answer {
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

/** GET /oauth/userinfo: the granted fields of the person. */
function userInfo(provider: Provider, request: SandboxRequest): Answer {
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

/** POST /oauth/revoke (RFC 7009): ends both tokens; answers 200 for an unknown token too. */
function revoke(provider: Provider, request: SandboxRequest): Answer {
  provider.grants.revokeToken(requireField(clientRequest(provider.spec, request), "token"));
  return json({});
}

const SPEC: ProviderSpec = {
  id: "rakomi",
  name: "Rakomi",
  ...sandboxClient("rakomi"),
  authorizePath: "/authorize",
  tokenBodies: ["form"],
  pkce: "required",
  scopes: { openid: "Know that it is you", profile: "See your name", email: "See your email address" },
  partialScopes: false,
  accounts: Object.entries(PEOPLE).map(([id, { name, email }]) => ({ id, name, description: email })),
  errorBody: (status) => rakomiErrorBody(status),
};

/** Starts Rakomi: API, and login pages on a host of their own, which is also the issuer. Rejects with code EADDRINUSE if one of the ports is taken. */
export async function startRakomi(options: ProviderOptions): Promise<RunningProvider> {
  // The API's port comes last, so that all of Rakomi is running once it answers.
  const accounts = await listen(options.pagesPort ?? 0, options.hosts);
  const api = await listen(options.port, options.hosts).catch(async (error: unknown) => {
    await closeServer(accounts.server);
    throw error;
  });
  const [origin, accountsOrigin] = [originOf(api), originOf(accounts)];
  const provider = makeProvider(SPEC, options, { origin, issuer: accountsOrigin });
  const product = apiRoutes(provider, accountsOrigin, origin);
  const pages = consentRoutes(provider, SPEC.authorizePath);
  const stops = [
    serve(api, provider, [...product, ...controlRoutes(provider, [...product, ...pages])]),
    serve(accounts, provider, pages),
  ];
  return {
    origin,
    pagesOrigin: accountsOrigin,
    close: async () => void (await Promise.all(stops.map((stop) => stop()))),
  };
}

function originOf({ port }: { port: number }): string {
  return `http://127.0.0.1:${port}`;
}

function apiRoutes(provider: Provider, issuer: string, origin: string): Route[] {
  const signer = new IdTokenSigner();
  const api = (method: Route["method"], path: string, handle: Route["handle"]): Route => {
    return { method, path, area: "api", handle };
  };
  const idToken = ({ accountId, scope }: { accountId: string; scope: string }) =>
    scope.split(" ").includes("openid")
      ? { id_token: signer.sign({ issuer, audience: SPEC.clientId, subject: subjectOf(accountId) }, provider.now()) }
      : {};
  return [
    // The address in Echo's guide, which an app uses if it cannot read the discovery document.
    ...consentRoutes(provider, "/oauth/authorize"),
    api("GET", "/.well-known/openid-configuration", () => discoveryDocument(issuer, origin)),
    api("GET", "/.well-known/jwks.json", () => json(signer.jwks())),
    api("POST", "/oauth/token", (request) => tokenEndpoint(provider, request, idToken)),
    api("POST", "/oauth/revoke", (request) => revoke(provider, request)),
    api("GET", "/oauth/userinfo", (request) => userInfo(provider, request)),
  ];
}
