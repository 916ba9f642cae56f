import type { ProviderId, TokenSet } from "@/lib/oauth/provider";

/** A session that lives. */
export interface SessionRecord {
  userId: string;
}

/** The server's side of a session; the cookie holds only an id, and the store only that id's hash. */
export interface SessionStore {
  create(idHash: string, userId: string): Promise<void>;
  /** `null` when unknown, revoked, idle for too long or too old. Reading keeps it alive. */
  read(idHash: string): Promise<SessionRecord | null>;
  revoke(idHash: string): Promise<void>;
}

/** What is remembered between sending a user to a provider and the callback. */
export interface OAuthRequest {
  provider: ProviderId;
  userId: string;
  codeVerifier?: string;
  redirectUri: string;
  returnTo: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * The authorizations under way, by state. In the store and not in a cookie, so that a state is used once whatever the browser
 * or instance, and two tabs do not overwrite each other.
 */
export interface PKCEStore {
  setPKCEVerifier(state: string, transaction: OAuthRequest): Promise<void>;
  /**
   * Removes and returns the transaction in one statement, and only for the user who started it: somebody else's callback
   * consumes nothing. An expired one is returned as well (and gone), so that its user can be told the reason. One whose verifier is
   * sealed under a key that this instance does not have stays where it is: while keys are rotated, another instance can take it.
   */
  takePKCEVerifier(state: string, userId: string): Promise<OAuthRequest | null>;
  /** Why nothing was taken: whether this user's transaction is there, sealed under a key that this instance does not have. */
  lacksKeyFor(state: string, userId: string): Promise<boolean>;
}

/** Whose tokens, at which provider. */
export interface ConnectionKey {
  provider: ProviderId;
  userId: string;
}

/** A connection as read from the store. */
export interface StoredConnection {
  tokens: TokenSet;
  /** What compare-and-set goes by; see `replace`. */
  version: string;
  /** Milliseconds since 1970. */
  connectedAt: number;
  /** Milliseconds since 1970; no refresh is tried before, after one failed. */
  cooldownUntil: number;
}

/** A refresh lease, visible to every instance; it ends by itself. */
export interface Lease {
  holder: string;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * Where connections live. Every method is one short statement, so that several instances can share a database, and every
 * change of tokens says which state it changes: a disconnect, a sign-out or another instance's refresh is never undone. A
 * connection that is sealed under a key this instance does not have counts as none, is told to the operator, and stays until its
 * user connects again, disconnects or signs out: another instance may have the key.
 */
export interface TokenStore {
  get(key: ConnectionKey): Promise<StoredConnection | null>;
  /** The providers this user is connected to; as for `get`, tokens that do not open are no connection. */
  list(userId: string): Promise<ProviderId[]>;
  /** Stores a new connection, in the same statement that checks that the session still lives. `false`: it does not. */
  set(key: ConnectionKey, tokens: TokenSet, sessionIdHash: string): Promise<boolean>;
  /** Replaces tokens of the version seen, ends the lease, returns the new version. `null`: changed or cleared meanwhile. */
  replace(key: ConnectionKey, seenVersion: string, tokens: TokenSet): Promise<string | null>;
  /** Removes a connection, one that cannot be opened as well, and returns its tokens, for revoking them. */
  clear(key: ConnectionKey): Promise<TokenSet | null>;
  /** Removes all of a user's connections, those that can no longer be opened as well; returns the tokens of the others. */
  clearAll(userId: string): Promise<{ provider: ProviderId; tokens: TokenSet }[]>;
  /** Removes it only if it is still the version that was refused. */
  clearVersion(key: ConnectionKey, seenVersion: string): Promise<boolean>;
  /** Takes the refresh lease for the version seen, unless another holder's lease is running. */
  takeLease(key: ConnectionKey, seenVersion: string, lease: Lease): Promise<boolean>;
  /** Ends a lease after a failed refresh and sets the cool-down (milliseconds since 1970). */
  releaseLease(key: ConnectionKey, holder: string, cooldownUntil: number): Promise<void>;
}
