import { readDataFile } from "../data-file";
import { isJsonObject } from "../http/request";

/** An authorization code that was issued. */
export interface CodeRecord {
  hash: string;
  personaId: string;
  redirectUri: string;
  /** Empty where the provider has no PKCE. */
  codeChallenge: string;
  /** The granted scopes; absent where the provider has none. */
  scope?: string;
  /** Unix time in milliseconds. */
  expiresAt: number;
  /** Set by the first exchange of the code, even if it failed. */
  used: boolean;
  /** The grant that it opened: a second use of the code ends that grant. */
  grantId?: string;
  /** Whoever may have one connection only; absent where several are kept. */
  owner?: string;
}

/** One approval and every token that comes from it. Revoking deletes it. */
export interface GrantRecord {
  id: string;
  personaId: string;
  /** See `CodeRecord`. */
  owner?: string;
  accessTokens: { hash: string; expiresAt: number }[];
  refreshToken: string;
  scope?: string;
  /** Hashes of rotated refresh tokens, newest last: if one is used again, somebody has a copy. */
  usedRefreshTokens: string[];
  /** The number of reads of the entity list; some personas' lists depend on it. */
  listReads: number;
}

/** Every code and grant of a service. Secrets are stored as hashes only. */
export interface GrantState {
  codes: CodeRecord[];
  grants: GrantRecord[];
}

/** A state without codes and grants. */
export function emptyGrantState(): GrantState {
  return { codes: [], grants: [] };
}

/** The state in a parsed JSON value, or undefined if it has another shape. */
function parseGrantState(value: unknown): GrantState | undefined {
  if (!isJsonObject(value)) return undefined;
  const { codes, grants } = value;
  if (!Array.isArray(codes) || !codes.every(isCodeRecord)) return undefined;
  if (!Array.isArray(grants) || !grants.every(isGrantRecord)) return undefined;
  return { codes, grants };
}

function isCodeRecord(value: unknown): value is CodeRecord {
  if (!isJsonObject(value)) return false;
  const { hash, personaId, redirectUri, codeChallenge, scope, expiresAt, used, grantId, owner } = value;
  return (
    [hash, personaId, redirectUri, codeChallenge].every(isText) &&
    typeof expiresAt === "number" &&
    typeof used === "boolean" &&
    [scope, grantId, owner].every(isOptionalText)
  );
}

function isGrantRecord(value: unknown): value is GrantRecord {
  if (!isJsonObject(value)) return false;
  const { id, personaId, accessTokens, refreshToken, scope, usedRefreshTokens, listReads, owner } = value;
  return (
    [id, personaId, refreshToken].every(isText) &&
    [scope, owner].every(isOptionalText) &&
    Array.isArray(accessTokens) &&
    accessTokens.every(isAccessTokenRecord) &&
    Array.isArray(usedRefreshTokens) &&
    usedRefreshTokens.every(isText) &&
    typeof listReads === "number"
  );
}

function isAccessTokenRecord(value: unknown): boolean {
  return isJsonObject(value) && isText(value["hash"]) && typeof value["expiresAt"] === "number";
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || isText(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** The number of grants that are kept, unless a service has another one. */
export const DEFAULT_MOST_GRANTS = 500;
const MAX_USED_REFRESH_TOKENS = 100;

/** The lifetime of a code in milliseconds. A used code is kept as long, to notice a second use. */
export const CODE_LIFETIME_MS = 10 * 60 * 1000;

/** Deletes expired codes and tokens and the oldest grants, so that the file stays small for months. */
export function withinLimits(state: GrantState, now: number, mostGrants: number): GrantState {
  return {
    codes: state.codes.filter((code) => code.expiresAt > now),
    grants: state.grants.slice(-mostGrants).map((grant) => pruneGrant(grant, now)),
  };
}

function pruneGrant(grant: GrantRecord, now: number): GrantRecord {
  return {
    ...grant,
    accessTokens: grant.accessTokens.filter((token) => token.expiresAt > now),
    usedRefreshTokens: grant.usedRefreshTokens.slice(-MAX_USED_REFRESH_TOKENS),
  };
}

/** The grants of an earlier run; undefined if none can be read. `now` is in milliseconds. */
export function readGrantFile(file: string, now: number): GrantState | undefined {
  return readDataFile(file, parseGrantState, { name: "grants", loss: "Everybody must connect again." }, now);
}
