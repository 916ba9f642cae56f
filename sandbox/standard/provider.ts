import { FaultBoard } from "../faults/fault";
import { RequestLog } from "../http/request-log";
import { GrantStore } from "../oauth/grant-store";
import { RegisteredClient } from "../oauth/registered-client";
import { randomSecret, fingerprint } from "../oauth/secrets";
import type { SandboxRequest } from "../http/request";

/** Somebody who has an account with a provider. */
export interface Account {
  id: string;
  name: string;
  description: string;
}

/** What tells the stand-in for one provider from another's (providers.md 4.3, 4.7). */
export interface ProviderSpec {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  /** Where the page is on which people decide. */
  authorizePath: string;
  /** How the fields of a token request may come. */
  tokenBodies: readonly ("form" | "json")[];
  /** "required": S256 and nothing else; "none": the provider does not know it. */
  pkce: "required" | "none";
  /** In words, by name. */
  scopes: Readonly<Record<string, string>>;
  /** Whether people may leave scopes out. */
  partialScopes: boolean;
  accounts: readonly Account[];
  /** How its API words an error of a status. */
  errorBody(status: number): unknown;
}

/** What a provider may leave out of its answers, or say wrongly; the control endpoints change it. */
export interface Quirks {
  /** Without it, a connection ends with its access token. */
  refreshTokens: boolean;
  /** Without it, the app learns by a 401 that a token has expired. */
  expiresIn: boolean;
  /** Sent as `iss` with every callback (RFC 9207); absent: none is sent. */
  iss?: string;
}

/** The parts of a running provider that its endpoints share. */
export interface Provider {
  spec: ProviderSpec;
  /** Unix time in milliseconds. */
  now: () => number;
  client: RegisteredClient;
  grants: GrantStore;
  faults: FaultBoard;
  log: RequestLog;
  quirks: Quirks;
  /** The quirks it was started with. */
  readonly defaultQuirks: Quirks;
  /** What else a reset has to set back. */
  readonly onReset: (() => void)[];
}

/** The tokens' owner, and what they have granted. */
export interface Caller {
  accountId: string;
  scopes: readonly string[];
}

/** Seconds that an access token is valid unless a control call says otherwise. */
export const TOKEN_LIFETIME = 900;

/** How to run a provider. */
export interface ProviderOptions {
  /** 0 takes any free port. */
  port: number;
  redirectUris: readonly string[];
  /** Where grants survive a restart; absent: in memory only. */
  dataFile?: string;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/** The parts of a provider, as they are when it starts. Its access tokens are opaque. `issuer` is sent as `iss` if given. */
export function makeProvider(
  spec: ProviderSpec,
  { redirectUris, dataFile, now = Date.now }: ProviderOptions,
  issuer?: string,
): Provider {
  const quirks = { refreshTokens: true, expiresIn: true, ...(issuer !== undefined && { iss: issuer }) };
  return {
    spec,
    now,
    client: new RegisteredClient(spec.clientId, redirectUris),
    grants: new GrantStore({
      issuer: issuer ?? "",
      now,
      mint: randomSecret,
      tokenLifetime: TOKEN_LIFETIME,
      ...(dataFile !== undefined && { dataFile }),
    }),
    faults: new FaultBoard(),
    log: new RequestLog(now),
    quirks,
    defaultQuirks: quirks,
    onReset: [],
  };
}

/** Whose request to the API it is; `undefined` without a live access token in exactly the form of RFC 6750 section 2.1. */
export function callerOf({ grants }: Provider, request: SandboxRequest): Caller | undefined {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  request.notes.token = fingerprint(token);
  const grant = grants.findByAccessToken(token);
  if (!grant) return undefined;
  request.notes.persona = grant.personaId;
  return { accountId: grant.personaId, scopes: (grant.scope ?? "").split(" ") };
}
