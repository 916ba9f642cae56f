import "server-only";
import type { Deadline } from "@/lib/http/deadline";
import type { Result } from "@/lib/result";

/** A provider's id, e.g. "sonar": part of URLs and of stored rows. Only the registry knows which there are. */
export type ProviderId = string;

/** The tokens of one connection. They exist on the server only. */
export interface TokenSet {
  accessToken: string;
  /** Absent when the provider issues none: the connection then ends with its access token. */
  refreshToken?: string;
  /** Unix time in seconds; absent when the provider does not say, and a 401 is then the only signal. */
  expiresAt?: number;
  /** Unix time in seconds at which this set was received; with `expiresAt` it gives the lifetime. */
  obtainedAt?: number;
}

/** A new authorization request: the address for the browser, and the facts to store until the callback. */
export interface AuthorizationRequest {
  url: string;
  state: string;
  codeVerifier?: string;
}

/** The provider's answer in the callback, with the stored facts of the request. */
export interface AuthorizationResponse {
  callback: URLSearchParams;
  state: string;
  codeVerifier?: string;
  redirectUri: string;
}

/**
 * Obtains one provider's tokens. Implementations translate their protocol into Results and keep no state.
 * `refresh` answers `auth/invalid_refresh_token` only for a definite refusal: everything else keeps the connection.
 */
export interface OAuthAdapter {
  begin(redirectUri: string, deadline: Deadline): Promise<Result<AuthorizationRequest>>;
  exchange(response: AuthorizationResponse, deadline: Deadline): Promise<Result<TokenSet>>;
  /** Returns the old refresh token when the provider sends no new one (RFC 6749 section 6). */
  refresh(refreshToken: string, deadline: Deadline): Promise<Result<TokenSet>>;
  /** RFC 7009. `revoked: false`: the provider turned out to have no way to revoke. */
  revoke?(tokens: TokenSet, deadline: Deadline): Promise<Result<{ revoked: boolean }>>;
}

/** Everything the engine knows about one provider. */
export interface Provider {
  id: ProviderId;
  name: string;
  /** Exactly as registered with the provider. Its path also identifies the provider of a callback (mix-up defence). */
  redirectUri: string;
  /** Expected `iss` of the callback (RFC 9207), where the provider sends one. */
  issuer?: string;
  oauth: OAuthAdapter;
}
