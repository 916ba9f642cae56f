/** The addresses of an authorization server. */
export interface OAuthEndpoints {
  authorization: string;
  token: string;
  /** RFC 7009, where the provider has it. */
  revocation?: string;
}

interface CommonSpec {
  /** Expected `iss` of callbacks (RFC 9207), the discovery document and id tokens; the endpoints may be on another host. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The client sends its secret to the token endpoint in the body or by HTTP Basic (RFC 6749 section 2.3.1). */
  clientAuth: "post" | "basic";
  /** RFC 6749 requires a form; some providers require JSON. */
  tokenBody: "form" | "json";
  /** RFC 7636 with S256; off only for a provider that does not support it. */
  pkce: boolean;
  /** Empty: no `scope` is sent. */
  scopes: readonly string[];
  /**
   * The origins that an authorize page may have. The CSP (`form-action`) blocks redirects of forms to any other, so a discovery document
   * that names another one is not used.
   */
  authorizeOrigins: readonly string[];
}

interface KnownEndpoints extends CommonSpec {
  endpoints: OAuthEndpoints;
}

interface DiscoveredEndpoints extends CommonSpec {
  /** The discovery document is below this address (OpenID Connect Discovery 1.0 section 4). */
  discoverAt: string;
  /** Used while that document cannot be read; if absent, nobody can connect meanwhile. */
  endpoints?: OAuthEndpoints;
}

/** Everything that distinguishes one standard OAuth 2.0 provider from another. */
export type OAuthSpec = KnownEndpoints | DiscoveredEndpoints;

/** The end of signing in at the identity provider, where its redirect URI is registered. */
export const LOGIN_CALLBACK_PATH = "/auth/login/callback";

/** The identity provider that people sign in with. The other origins are those that its sign-in page may be on. */
export function loginSpec(
  login: Pick<OAuthSpec, "issuer" | "clientId" | "clientSecret">,
  otherOrigins: readonly string[],
): OAuthSpec {
  return {
    ...login,
    discoverAt: login.issuer,
    clientAuth: "basic",
    tokenBody: "form",
    pkce: true,
    scopes: ["openid", "profile", "email"],
    authorizeOrigins: [new URL(login.issuer).origin, ...otherOrigins],
  };
}

/** Basic is the default (OpenID Connect Discovery section 3), and some providers accept only the other. */
export function clientAuthOf({
  token_endpoint_auth_methods_supported: methods,
}: {
  token_endpoint_auth_methods_supported?: readonly string[];
}): OAuthSpec["clientAuth"] {
  return methods && !methods.includes("client_secret_basic") && methods.includes("client_secret_post")
    ? "post"
    : "basic";
}
