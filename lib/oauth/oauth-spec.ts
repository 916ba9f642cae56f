/** The addresses of an authorization server. */
export interface OAuthEndpoints {
  authorization: string;
  token: string;
  /** RFC 7009, where the provider has it. */
  revocation?: string;
}

interface CommonSpec {
  /** Expected `iss` of callbacks (RFC 9207), of the discovery document and of id tokens; not always where the endpoints are. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** How the client proves itself at the token endpoint: secret in the body, or HTTP Basic (RFC 6749 section 2.3.1). */
  clientAuth: "post" | "basic";
  /** RFC 6749 asks for a form; some providers want JSON. */
  tokenBody: "form" | "json";
  /** RFC 7636 with S256; off only for a provider that does not know it. */
  pkce: boolean;
  /** Empty: no `scope` is sent. */
  scopes: readonly string[];
  /**
   * Origins that an authorize page may have. Forms may be redirected nowhere else (CSP `form-action`), so a discovery document
   * that names another one is not followed.
   */
  authorizeOrigins: readonly string[];
}

interface KnownEndpoints extends CommonSpec {
  endpoints: OAuthEndpoints;
}

interface DiscoveredEndpoints extends CommonSpec {
  /** Below this address the discovery document is found (OpenID Connect Discovery 1.0 section 4). */
  discoverAt: string;
  /** Used while that document cannot be read; absent: nothing can be connected meanwhile. */
  endpoints?: OAuthEndpoints;
}

/** All that tells one standard OAuth 2.0 provider from another. */
export type OAuthSpec = KnownEndpoints | DiscoveredEndpoints;
