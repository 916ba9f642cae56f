import { randomUUID } from "node:crypto";
import { mintAccessToken } from "./access-token";
import { CODE_LIFETIME_MS, withinLimits } from "./grant-limits";
import { emptyGrantState } from "./grant-state";
import type { CodeRecord, GrantRecord, GrantState } from "./grant-state";
import { provesChallenge } from "./pkce";
import { hashSecret, randomSecret } from "./secrets";

/** Seconds that an access token is valid unless a control call says otherwise. */
export const DEFAULT_TOKEN_LIFETIME = 3600;

/** The answer of both token endpoints. */
export interface TokenAnswer {
  access_token: string;
  refresh_token: string;
  token_type: "bearer";
  expires_in: number;
}

/** Tokens and whose they are, or why there are none. */
export type Issued = { ok: true; tokens: TokenAnswer; personaId: string } | { ok: false; reason: string };

interface GrantStoreOptions {
  issuer: string;
  now: () => number;
  state: GrantState;
  save: (state: GrantState) => void;
}

/** Codes, grants and tokens. Every change is saved before the method returns. */
export class GrantStore {
  tokenLifetime = DEFAULT_TOKEN_LIFETIME;
  private state: GrantState;

  constructor(private readonly options: GrantStoreOptions) {
    this.state = withinLimits(options.state, options.now());
  }

  /** Hands out a code for an approved request. */
  issueCode(approved: { personaId: string; redirectUri: string; codeChallenge: string }): string {
    const code = randomSecret();
    const expiresAt = this.options.now() + CODE_LIFETIME_MS;
    this.state.codes.push({ ...approved, hash: hashSecret(code), expiresAt, used: false });
    this.save();
    return code;
  }

  /** Exchanges a code. A second use ends what the first one issued (RFC 6749 section 4.1.2). */
  redeemCode(code: string, codeVerifier: string, redirectUri: string): Issued {
    const hash = hashSecret(code);
    const record = this.state.codes.find((candidate) => candidate.hash === hash);
    if (!record || record.expiresAt <= this.options.now()) return refused("the code is unknown or has expired");
    if (record.used) {
      this.revoke(record.grantId);
      return refused("the code was used before; what it issued is revoked");
    }
    // Also a failed attempt uses the code up: whoever holds a stolen one must not get to try verifiers.
    record.used = true;
    const problem = exchangeProblem(record, codeVerifier, redirectUri);
    if (problem !== undefined) {
      this.save();
      return refused(problem);
    }
    const grant = this.openGrant(record.personaId);
    record.grantId = grant.id;
    return this.issue(grant);
  }

  /** Rotates a refresh token. Seeing a rotated one again ends the whole family (RFC 9700 section 4.14.2). */
  refresh(refreshToken: string): Issued {
    const hash = hashSecret(refreshToken);
    const current = this.state.grants.find((grant) => grant.refreshToken === hash);
    if (current) return this.issue(current);
    const stolen = this.state.grants.find((grant) => grant.usedRefreshTokens.includes(hash));
    if (!stolen) return refused("the refresh token is unknown or revoked");
    this.revoke(stolen.id);
    return refused("the refresh token was used before; its connection is revoked");
  }

  /** The grant that a live access token belongs to. */
  findByAccessToken(accessToken: string): GrantRecord | undefined {
    const hash = hashSecret(accessToken);
    const now = this.options.now();
    return this.state.grants.find((grant) =>
      grant.accessTokens.some((token) => token.hash === hash && token.expiresAt > now),
    );
  }

  /** Counts a read of the entity list and returns how many came before it. */
  countListRead(grantId: string): number {
    const grant = this.state.grants.find((candidate) => candidate.id === grantId);
    if (!grant) return 0;
    const before = grant.listReads;
    grant.listReads += 1;
    this.save();
    return before;
  }

  /** Makes every access token refused; refresh tokens stay good. */
  expireAccessTokens(): void {
    for (const grant of this.state.grants) grant.accessTokens = [];
    this.save();
  }

  /** Forgets every code and grant: nothing that was handed out is accepted any more. */
  revokeEverything(): void {
    this.state = emptyGrantState();
    this.save();
  }

  private openGrant(personaId: string): GrantRecord {
    const grant: GrantRecord = {
      id: randomUUID(),
      personaId,
      accessTokens: [],
      refreshToken: "",
      usedRefreshTokens: [],
      listReads: 0,
    };
    this.state.grants.push(grant);
    return grant;
  }

  private issue(grant: GrantRecord): Issued {
    const lifetime = this.tokenLifetime;
    const now = this.options.now();
    const accessToken = mintAccessToken(this.options.issuer, grant.personaId, now, lifetime);
    const refreshToken = randomSecret();
    if (grant.refreshToken !== "") grant.usedRefreshTokens.push(grant.refreshToken);
    grant.refreshToken = hashSecret(refreshToken);
    grant.accessTokens.push({ hash: hashSecret(accessToken), expiresAt: now + lifetime * 1000 });
    const { personaId } = grant;
    this.save();
    return { ok: true, personaId, tokens: tokenAnswer(accessToken, refreshToken, lifetime) };
  }

  private revoke(grantId: string | undefined): void {
    this.state.grants = this.state.grants.filter((grant) => grant.id !== grantId);
    this.save();
  }

  private save(): void {
    this.state = withinLimits(this.state, this.options.now());
    this.options.save(this.state);
  }
}

function exchangeProblem(code: CodeRecord, codeVerifier: string, redirectUri: string): string | undefined {
  if (code.redirectUri !== redirectUri) return "redirect_uri is not the one the code was issued for";
  if (!provesChallenge(codeVerifier, code.codeChallenge)) return "code_verifier does not belong to the code_challenge";
  return undefined;
}

function tokenAnswer(accessToken: string, refreshToken: string, lifetime: number): TokenAnswer {
  return { access_token: accessToken, refresh_token: refreshToken, token_type: "bearer", expires_in: lifetime };
}

function refused(reason: string): Issued {
  return { ok: false, reason };
}
