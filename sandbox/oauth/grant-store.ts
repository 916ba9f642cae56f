import { randomUUID } from "node:crypto";
import { writeDataFile } from "../data-file";
import { mintAccessToken, provesChallenge, hashSecret, randomSecret } from "./secrets";
import {
  CODE_LIFETIME_MS,
  DEFAULT_MOST_GRANTS,
  withinLimits,
  emptyGrantState,
  readGrantFile,
  type CodeRecord,
  type GrantRecord,
  type GrantState,
} from "./grant-state";

/** The lifetime of an access token in seconds, unless a control call has changed it. */
export const DEFAULT_TOKEN_LIFETIME = 3600;

/** The answer of the token endpoints. */
export interface TokenAnswer {
  access_token: string;
  /** Absent after a refresh without rotation: the old one stays valid. */
  refresh_token?: string;
  token_type: "bearer";
  expires_in: number;
  scope?: string;
}

/** Tokens and their owner, or the reason for their absence. */
export type Issued = { ok: true; tokens: TokenAnswer; personaId: string } | { ok: false; reason: string };

interface GrantStoreOptions {
  issuer: string;
  now: () => number;
  /** The file that keeps the grants over a restart; absent: they are in memory only. */
  dataFile?: string;
  /** Makes an access token; absent: one in the shape of a JWT, which sonar-core requires. */
  mint?: typeof mintAccessToken;
  /** Seconds. */
  tokenLifetime?: number;
  /** One more grant would end the oldest one: where that matters, ask `hasRoom` first. */
  mostGrants?: number;
}

/** Codes, grants and tokens. Every change is saved before the method returns. */
export class GrantStore {
  tokenLifetime: number;
  /** True if a refresh issues a new refresh token and ends the old one. */
  rotates = true;
  private state: GrantState;

  constructor(private readonly options: GrantStoreOptions) {
    this.tokenLifetime = options.tokenLifetime ?? DEFAULT_TOKEN_LIFETIME;
    const { dataFile, now } = options;
    const kept = dataFile === undefined ? undefined : readGrantFile(dataFile, now());
    this.state = this.limited(kept ?? emptyGrantState());
  }

  /**
   * True if another code cannot end a grant that is in use: its owner may have one already, which it replaces. Idle grants end first if there is no room otherwise. Used and expired codes take
   * none: a script could fill the store with them.
   */
  hasRoom(owner?: string): boolean {
    if (owner !== undefined && this.state.grants.some((grant) => grant.owner === owner)) return true;
    if (this.taken < this.mostGrants) return true;
    this.dropIdle();
    return this.taken < this.mostGrants;
  }

  private get taken(): number {
    const now = this.options.now();
    return this.state.grants.length + this.state.codes.filter((code) => !code.used && code.expiresAt > now).length;
  }

  private get mostGrants(): number {
    return this.options.mostGrants ?? DEFAULT_MOST_GRANTS;
  }

  private limited(state: GrantState): GrantState {
    return withinLimits(state, this.options.now(), this.mostGrants);
  }

  /** Issues a code for an approved request. It replaces the owner's earlier code that nobody has used. */
  issueCode(approved: Pick<CodeRecord, "personaId" | "redirectUri" | "codeChallenge" | "scope" | "owner">): string {
    const code = randomSecret();
    const expiresAt = this.options.now() + CODE_LIFETIME_MS;
    this.state.codes = this.state.codes.filter((earlier) => earlier.used || !hasSameOwner(earlier, approved));
    this.state.codes.push({ ...approved, hash: hashSecret(code), expiresAt, used: false });
    this.save();
    return code;
  }

  /** Exchanges a code. A second use ends the grant of the first (RFC 6749 section 4.1.2). */
  redeemCode(code: string, codeVerifier: string, redirectUri: string): Issued {
    const hash = hashSecret(code);
    const record = this.state.codes.find((candidate) => candidate.hash === hash);
    if (!record || record.expiresAt <= this.options.now()) return failed("the code is unknown or has expired");
    if (record.used) {
      this.revoke(record.grantId);
      return failed("the code was used before; its tokens are revoked");
    }
    // A failed attempt uses up the code too, so that nobody can try verifiers with a stolen one.
    record.used = true;
    const problem = exchangeProblem(record, codeVerifier, redirectUri);
    if (problem !== undefined) {
      this.save();
      return failed(problem);
    }
    const grant = this.openGrant(record);
    record.grantId = grant.id;
    return this.issue(grant);
  }

  /** Rotates a refresh token. A rotated one that is used again ends the whole grant (RFC 9700 section 4.14.2). */
  refresh(refreshToken: string): Issued {
    const hash = hashSecret(refreshToken);
    const current = this.state.grants.find((grant) => grant.refreshToken === hash);
    if (current) return this.issue(current);
    const stolen = this.state.grants.find((grant) => grant.usedRefreshTokens.includes(hash));
    if (!stolen) return failed("the refresh token is unknown or revoked");
    this.revoke(stolen.id);
    return failed("the refresh token was used before; its connection is revoked");
  }

  /** The grant of a valid access token. */
  findByAccessToken(accessToken: string): GrantRecord | undefined {
    const hash = hashSecret(accessToken);
    const now = this.options.now();
    return this.state.grants.find((grant) =>
      grant.accessTokens.some((token) => token.hash === hash && token.expiresAt > now),
    );
  }

  /** Counts a read of the entity list and returns the number of earlier reads. */
  countListRead(grantId: string): number {
    const grant = this.state.grants.find((candidate) => candidate.id === grantId);
    if (!grant) return 0;
    const before = grant.listReads;
    grant.listReads += 1;
    this.save();
    return before;
  }

  /** Ends every access token; refresh tokens stay valid. */
  expireAccessTokens(): void {
    for (const grant of this.state.grants) grant.accessTokens = [];
    this.save();
  }

  /** Ends the grants whose access tokens have all expired. */
  dropIdle(): void {
    const state = this.limited(this.state);
    this.state = { ...state, grants: state.grants.filter(({ accessTokens }) => accessTokens.length > 0) };
    this.save();
  }

  /** Deletes every code and grant: no issued code or token is accepted any more. */
  revokeEverything(): void {
    this.state = emptyGrantState();
    this.save();
  }

  /** Ends the grant of an access or refresh token (RFC 7009 section 2.1). */
  revokeToken(token: string): void {
    const hash = hashSecret(token);
    const grant = this.state.grants.find(
      ({ refreshToken, usedRefreshTokens, accessTokens }) =>
        refreshToken === hash || usedRefreshTokens.includes(hash) || accessTokens.some((known) => known.hash === hash),
    );
    this.revoke(grant?.id);
  }

  /** Opens the grant of a code. It replaces the owner's earlier one. */
  private openGrant({ personaId, scope, owner }: CodeRecord): GrantRecord {
    const grant: GrantRecord = {
      id: randomUUID(),
      personaId,
      ...(scope !== undefined && { scope }),
      ...(owner !== undefined && { owner }),
      accessTokens: [],
      refreshToken: "",
      usedRefreshTokens: [],
      listReads: 0,
    };
    this.state.grants = [...this.state.grants.filter((earlier) => !hasSameOwner(earlier, grant)), grant];
    return grant;
  }

  private issue(grant: GrantRecord): Issued {
    const lifetime = this.tokenLifetime;
    const now = this.options.now();
    const mint = this.options.mint ?? mintAccessToken;
    const accessToken = mint(this.options.issuer, grant.personaId, now, lifetime);
    const refreshToken = this.rotates || grant.refreshToken === "" ? rotate(grant) : undefined;
    grant.accessTokens.push({ hash: hashSecret(accessToken), expiresAt: now + lifetime * 1000 });
    const { personaId } = grant;
    this.save();
    return { ok: true, personaId, tokens: tokenAnswer(accessToken, refreshToken, lifetime, grant.scope) };
  }

  private revoke(grantId: string | undefined): void {
    this.state.grants = this.state.grants.filter((grant) => grant.id !== grantId);
    this.save();
  }

  private save(): void {
    this.state = this.limited(this.state);
    // This comes before the answer: if the process is killed, the file has every token that was issued.
    if (this.options.dataFile !== undefined) writeDataFile(this.options.dataFile, this.state);
  }
}

function hasSameOwner(one: { owner?: string }, other: { owner?: string }): boolean {
  return one.owner !== undefined && one.owner === other.owner;
}

function exchangeProblem(code: CodeRecord, codeVerifier: string, redirectUri: string): string | undefined {
  if (code.redirectUri !== redirectUri) return "redirect_uri is not the one the code was issued for";
  const proven = code.codeChallenge === "" ? codeVerifier === "" : provesChallenge(codeVerifier, code.codeChallenge);
  if (!proven) return "code_verifier does not belong to the code_challenge";
  return undefined;
}

/** Gives the grant a new refresh token and marks the old one as used. */
function rotate(grant: GrantRecord): string {
  const refreshToken = randomSecret();
  if (grant.refreshToken !== "") grant.usedRefreshTokens.push(grant.refreshToken);
  grant.refreshToken = hashSecret(refreshToken);
  return refreshToken;
}

function tokenAnswer(
  accessToken: string,
  refreshToken: string | undefined,
  lifetime: number,
  scope: string | undefined,
): TokenAnswer {
  return {
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    token_type: "bearer",
    expires_in: lifetime,
    ...(scope !== undefined && { scope }),
  };
}

function failed(reason: string): Issued {
  return { ok: false, reason };
}
