import type { ProviderId, TokenSet } from "@/lib/oauth/provider";

/** A live session. */
export interface SessionRecord {
  userId: string;
}

/** A live session in the list of a user's sessions. All times in milliseconds since 1970. */
export interface ListedSession {
  idHash: string;
  createdAt: number;
  /** The last use, to within a minute. */
  seenAt: number;
  /** The same for all sessions of one user in one browser; null for a session of an earlier version. */
  browserHash: string | null;
}

/** The server's side of sessions. The cookie holds only an id, and the store only that id's hash. */
export interface SessionStore {
  create(idHash: string, userId: string, browserHash?: string): Promise<void>;
  /**
   * `null` if unknown, revoked, idle for too long or too old. Reading keeps a session alive; that write is handed to `later`, if given, so that
   * no page waits for it.
   */
  read(idHash: string, later?: (write: Promise<unknown>) => void): Promise<SessionRecord | null>;
  revoke(idHash: string): Promise<void>;
  /**
   * Ends a session and every other one of its user in the same browser, in one statement. Two tabs that sign in at once leave a session whose
   * cookie the browser has replaced: nobody could end it any more, and connections would outlive the sign-out with it.
   */
  revokeBrowser(idHash: string): Promise<void>;
  /** The live sessions of a user, the latest first. */
  list(userId: string): Promise<ListedSession[]>;
  revokeAll(userId: string): Promise<void>;
}

/** The person who accepts the sale's terms, and the entity they are accepted for. */
export interface ConsentOwner {
  userId: string;
  /** Sonar's `EntityID`. */
  entityID: string;
}

/** The versions of the sale's terms that users have accepted for their entities. Nothing removes them: they are the proof of consent. */
export interface ConsentStore {
  /** Accepting a version again changes nothing: the first time counts. */
  record(owner: ConsentOwner, version: string): Promise<void>;
  versions(owner: ConsentOwner): Promise<string[]>;
}

/** A pending authorization, stored between sending a user to a provider and the callback. */
export interface OAuthRequest {
  provider: ProviderId;
  userId: string;
  codeVerifier?: string;
  redirectUri: string;
  returnTo: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** The session that began it: no other may finish it. Absent for a sign-in, which has no session yet. */
  sessionIdHash?: string;
}

/**
 * The pending OAuth requests, by state. They are in the store and not in a cookie, so that a state is used once across all browsers and
 * instances, and two tabs do not overwrite each other.
 */
export interface PKCEStore {
  setPKCEVerifier(state: string, request: OAuthRequest): Promise<void>;
  /**
   * Removes and returns the request in one statement, and only for the user and the session that began it: a callback in another browser
   * consumes nothing, whoever has been made to open it.
   * An expired one is returned too (and removed), so that its user can be told the reason. One whose verifier is sealed under a key
   * that this instance does not have stays in the store: while keys are rotated, another instance can take it.
   */
  takePKCEVerifier(state: string, userId: string, sessionIdHash?: string): Promise<OAuthRequest | null>;
  /** True if nothing was taken because this user's request is sealed under a key that this instance does not have. */
  lacksKeyFor(state: string, userId: string): Promise<boolean>;
}

/** The user and the provider of a connection. */
export interface ConnectionKey {
  provider: ProviderId;
  userId: string;
}

/** A connection as stored. */
export interface StoredConnection {
  tokens: TokenSet;
  /** Changes with every write, for compare-and-set; see `replace`. */
  version: string;
  /** Milliseconds since 1970. */
  connectedAt: number;
  /** Milliseconds since 1970; after a failed refresh, no other is tried before this time. */
  cooldownUntil: number;
  /** End of the refresh lease (milliseconds since 1970); 0: none. A lease that is over was left by a refresh whose outcome nobody knows. */
  leaseUntil: number;
}

/** The right to refresh a connection, visible to every instance. It ends by itself, unless its holder renews it. */
export interface Lease {
  holder: string;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * The store of connections. Every method is one short statement, so that several instances can share a database, and every change of
 * tokens names the state that it changes: a disconnect, a sign-out or another instance's refresh is never undone. A connection that is sealed
 * under a key that this instance does not have counts as none, is reported to the operator, and stays until its user connects again,
 * disconnects or signs out: another instance may have the key.
 */
export interface TokenStore {
  get(key: ConnectionKey): Promise<StoredConnection | null>;
  /** The providers that this user is connected to; tokens that do not open are no connection, as for `get`. */
  list(userId: string): Promise<ProviderId[]>;
  /** Stores a new connection in the same statement that checks that the session still lives. `false`: it does not. */
  set(key: ConnectionKey, tokens: TokenSet, sessionIdHash: string): Promise<boolean>;
  /** Replaces the tokens of the version seen, ends the lease, and returns the new version. `null`: changed or deleted meanwhile. */
  replace(key: ConnectionKey, seenVersion: string, tokens: TokenSet): Promise<string | null>;
  /** Deletes a connection, even one that does not open, and returns its tokens, to be revoked. */
  clear(key: ConnectionKey): Promise<TokenSet | null>;
  /**
   * Deletes all connections of a user, even those that no longer open, and returns the tokens of the others. With the hash of a session that
   * ends, it deletes none while any other session of the user lives.
   */
  clearAll(userId: string, endedSession?: string): Promise<{ provider: ProviderId; tokens: TokenSet }[]>;
  /** Deletes a connection only if it is still the version that was refused. */
  clearVersion(key: ConnectionKey, seenVersion: string): Promise<boolean>;
  /** Takes the refresh lease for the version seen, unless another holder has it. */
  takeLease(key: ConnectionKey, seenVersion: string, lease: Lease): Promise<boolean>;
  /** Prolongs a lease, even one that is over, while nobody else has taken it. */
  renewLease(key: ConnectionKey, holder: string, until: number): Promise<void>;
  /** As `releaseLease`, after a refresh without an answer: the lease stays visible, as one that is over. */
  abandonLease(key: ConnectionKey, holder: string, cooldownUntil: number): Promise<void>;
  /** Ends a lease after a failed refresh and sets the cool-down (milliseconds since 1970). */
  releaseLease(key: ConnectionKey, holder: string, cooldownUntil: number): Promise<void>;
  /** The tokens of a user's Sonar account. This and the next two have the names of Echo's guide, for code that moves over; no page here uses them. */
  getTokens(userId: string): Promise<TokenSet | null>;
  /** Stores them whatever is there, while the user is signed in anywhere. `false`: the user is not. A refresh uses `replace` in its place. */
  setTokens(userId: string, tokens: TokenSet): Promise<boolean>;
  clearTokens(userId: string): Promise<void>;
}
