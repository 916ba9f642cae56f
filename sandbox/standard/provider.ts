import { FaultBoard } from "../faults/fault";
import { RequestLog } from "../http/request-log";
import { GrantStore } from "../oauth/grant-store";
import { registrationAdvice, RegisteredClient } from "../oauth/registered-client";
import { randomSecret, fingerprint } from "../oauth/secrets";
import type { SandboxRequest } from "../http/request";

/** A person with an account at a provider. */
export interface Account {
  id: string;
  name: string;
  description: string;
}

/** The differences between the stand-ins for the providers (providers.md 4.3, 4.7). */
export interface ProviderSpec {
  id: string;
  name: string;
  clientId: string;
  clientSecret: string;
  /** The path of the consent page. */
  authorizePath: string;
  /** The accepted body types of a token request. */
  tokenBodies: readonly ("form" | "json")[];
  /** Only S256 is accepted. "optional": a challenge that was sent is checked; "none": the provider ignores PKCE, as RFC 6749 section 3.1 demands. */
  pkce: "required" | "optional" | "none";
  /** Descriptions of the scopes, by name. */
  scopes: Readonly<Record<string, string>>;
  /** True if people may deny single scopes. */
  partialScopes: boolean;
  accounts: readonly Account[];
  /** Makes the body of an API error for a status. */
  errorBody(status: number): unknown;
}

/** Deviations in a provider's answers, which the control endpoints change. */
export interface Quirks {
  /** If false, a connection ends with its access token. */
  refreshTokens: boolean;
  /** If false, the app learns from a 401 that a token has expired. */
  expiresIn: boolean;
  /** Sent as `iss` with every callback (RFC 9207); absent: no `iss` is sent. */
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
  /** The quirks at the start. */
  readonly defaultQuirks: Quirks;
  /** Further actions of a reset. */
  readonly onReset: (() => void)[];
}

/** The owner of a token, and the granted scopes. */
export interface Caller {
  accountId: string;
  scopes: readonly string[];
}

/** The lifetime of an access token in seconds, unless a control call has changed it. */
export const TOKEN_LIFETIME = 900;

/** Options for a provider. */
export interface ProviderOptions {
  /** 0 takes any free port. */
  port: number;
  /** The port of the pages, for a provider that has them on another origin than its API. Absent: any free port. */
  pagesPort?: number;
  redirectUris: readonly string[];
  /** The host names that it answers to besides this machine's own. */
  hosts?: readonly string[];
  /** The file that keeps the grants over a restart; absent: they are in memory only. */
  dataFile?: string;
  /** Unix time in milliseconds. */
  now?: () => number;
}

/**
 * The parts of the provider at `origin` in their initial state. Its access tokens are opaque. `issuer`, if given, is sent as `iss`.
 */
export function makeProvider(
  spec: ProviderSpec,
  { redirectUris, dataFile, now = Date.now }: ProviderOptions,
  { origin, issuer }: { origin: string; issuer?: string },
): Provider {
  const quirks = { refreshTokens: true, expiresIn: true, ...(issuer !== undefined && { iss: issuer }) };
  return {
    spec,
    now,
    client: new RegisteredClient(
      spec.clientId,
      redirectUris,
      registrationAdvice(origin, "APP_URL set to the app's origin"),
    ),
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

/** The caller of an API request; undefined without a valid access token in the exact form of RFC 6750 section 2.1. */
export function callerOf({ grants }: Provider, request: SandboxRequest): Caller | undefined {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) return undefined;
  request.notes.token = fingerprint(token);
  const grant = grants.findByAccessToken(token);
  if (!grant) return undefined;
  request.notes.persona = grant.personaId;
  return { accountId: grant.personaId, scopes: (grant.scope ?? "").split(" ") };
}
