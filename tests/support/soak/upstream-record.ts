/** One use of a refresh token at the upstream. Times in Unix milliseconds. */
export interface Attempt {
  /** The instance of the app that sent it. */
  instance: string;
  at: number;
  /** "not-carried-out": a fault answered in the upstream's place. Absent while nobody has decided. */
  outcome?: "rotated" | "refused" | "not-carried-out";
  /** What became of the answer. "unheard": the instance had closed its connection. Absent while it is under way. */
  answer?: "sent" | "lost-on-purpose" | "unheard";
  /** The first use of the tokens that it issued. */
  usedAt?: number;
}

/** The upstream's reason for the end of a connection. */
export type FamilyEnd =
  | { reason: "withdrawn"; at: number }
  /** `first` had rotated the token that `second` used again (RFC 9700 section 4.14.2). */
  | { reason: "reuse"; at: number; first: Attempt; second: Attempt }
  /** The upstream does not know a token that it issued. This must not happen. */
  | { reason: "unknown"; at: number };

/** One approval of a user at the upstream, and all tokens that come from it. */
export interface Family {
  user: string;
  connectedAt: number;
  attempts: Attempt[];
  /** Times at which the stand-in answered this family's calls with 401 on purpose. */
  unauthorized: number[];
  end?: FamilyEnd;
}

interface Token {
  family: Family;
  /** The attempt that issued it; absent for the tokens of the exchange. */
  from?: Attempt;
  /** Of a refresh token: the attempt that used it up. */
  usedUpBy?: Attempt;
}

/** The tokens in an answer of the token endpoints. */
export interface IssuedTokens {
  access_token: string;
  refresh_token: string;
}

/** A refusal of the upstream for a token that was used before, by its words. */
const REUSE = /used before/;

/** The upstream's own record of users, connections and refresh tokens. The app's view is judged by it. */
export class UpstreamRecord {
  readonly families: Family[] = [];
  private readonly users = new Map<string, string>();
  private readonly accessTokens = new Map<string, Token>();
  private readonly refreshTokens = new Map<string, Token>();

  constructor(private readonly now: () => number = Date.now) {}

  /** A user has approved; `code` is what their browser carries to the app. */
  approved(user: string, code: string): void {
    this.users.set(code, user);
  }

  /** A code was exchanged for a family's first tokens. */
  exchanged(code: string, tokens: IssuedTokens): void {
    const user = this.users.get(code);
    if (user === undefined) throw new Error("A code was exchanged that no user has approved");
    const family: Family = { user, connectedAt: this.now(), attempts: [], unauthorized: [] };
    this.families.push(family);
    this.note(family, tokens);
  }

  /** The family of a refresh token that arrives. */
  ofRefreshToken(token: string): Family | undefined {
    return this.refreshTokens.get(token)?.family;
  }

  /** The family of the access token of a call, whose tokens have now been used. */
  ofAccessToken(token: string): Family | undefined {
    const known = this.accessTokens.get(token);
    this.use(known);
    return known?.family;
  }

  /** A refresh arrives. */
  presented(token: string, instance: string): Attempt {
    const attempt: Attempt = { instance, at: this.now() };
    const known = this.refreshTokens.get(token);
    this.use(known);
    known?.family.attempts.push(attempt);
    return attempt;
  }

  /** The upstream has rotated the token. */
  rotated(token: string, attempt: Attempt, tokens: IssuedTokens): void {
    attempt.outcome = "rotated";
    const known = this.refreshTokens.get(token);
    if (!known) return;
    known.usedUpBy = attempt;
    this.note(known.family, tokens, attempt);
  }

  /** The upstream has refused the token, for a reason in words. */
  refused(token: string, attempt: Attempt, words: string): void {
    attempt.outcome = "refused";
    const known = this.refreshTokens.get(token);
    if (!known || known.family.end) return;
    const at = this.now();
    const first = REUSE.test(words) ? known.usedUpBy : undefined;
    known.family.end = first ? { reason: "reuse", at, first, second: attempt } : { reason: "unknown", at };
  }

  /** Users withdraw their consent at the upstream: the latest connection of one of them ends. */
  withdraw(user: string): void {
    const family = this.families.findLast((one) => one.user === user);
    if (family && !family.end) family.end = { reason: "withdrawn", at: this.now() };
  }

  private note(family: Family, tokens: IssuedTokens, from?: Attempt): void {
    const token: Token = { family, ...(from && { from }) };
    this.accessTokens.set(tokens.access_token, token);
    this.refreshTokens.set(tokens.refresh_token, { ...token });
  }

  private use(token: Token | undefined): void {
    if (token?.from) token.from.usedAt ??= this.now();
  }
}
