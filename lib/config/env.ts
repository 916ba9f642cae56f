import "server-only";
import type { z } from "zod";
import { chainSettings, type ChainSettings } from "@/lib/config/chain";
import { developmentSecrets } from "@/lib/config/development-secrets";
import { databaseSettings, type DatabaseSettings } from "@/lib/config/database-settings";
import { contradictions, ignoredInSandbox, missingVariables } from "@/lib/config/env-rules";
import { environmentSchema, type Environment, type EnvProblem } from "@/lib/config/env-schema";
import { firstProblems, withoutEmpty, type Source } from "@/lib/config/env-source";
import { site } from "@/lib/config/site";
import { siteProblems } from "@/lib/config/site-rules";
import { ownSamples, ownSettings, type OwnSettings } from "@/lib/config/own-settings";
import {
  SANDBOX_CLIENT_UUID,
  SANDBOX_DEFAULT_CHAIN_ID,
  SANDBOX_DEFAULT_PORT,
  SANDBOX_DEFAULT_TOKENS,
  SANDBOX_DEMO_PATH,
  SANDBOX_SALE_UUID,
  sandboxEchoOrigin,
  type SandboxToken,
} from "@/lib/config/sandbox";
import { telemetrySettings, type TelemetrySettings } from "@/lib/config/telemetry-settings";
import type { ArrivalLimits } from "@/lib/http/arrival-limits";
import { processGlobal } from "@/lib/http/process-global";
import { readProviderSettings, type ProviderSettings } from "@/lib/providers/registry";
import type { SonarSettings } from "@/lib/providers/sonar";

/** The checked configuration, for the server only. `lib/config/public-settings.ts` selects the part that browsers may know. */
export interface Env extends DatabaseSettings {
  appUrl: string;
  production: boolean;
  sonar: SonarSettings;
  /** Origins that authorize pages redirect to, besides the providers' own. */
  formActionOrigins: readonly string[];
  /** The identity provider that people sign in with; absent: not set up. */
  login?: LoginSettings;
  /** Everybody who signs in becomes a new demo user, whatever `lib/authenticate.ts` does. */
  demoSignIn: boolean;
  /** The providers besides Sonar, by id. */
  providers: ReadonlyMap<string, ProviderSettings>;
  /** The current secret: it seals cookies, and keys the hashes of log, audit table and counters. */
  sessionSecret: string;
  /** All secrets that open cookies, the current one first. */
  sessionSecrets: readonly string[];
  /** 32-byte keys in base64; the first seals, all open. */
  tokenEncryptionKeys: readonly string[];
  /** Milliseconds since 1970. */
  sale: { opensAt?: number; closesAt?: number };
  /** No instance with this setting gives permits; see `lib/sale/pause.ts`. */
  salePaused: boolean;
  /** Absent until the sale's contract is announced. */
  chain?: ChainSettings;
  supportUrl?: string;
  upstreamTimeoutMs: number;
  /** Idle connections of browsers and balancers are closed after this time. */
  keepAliveSeconds: number;
  /** Rows of the audit table are deleted after this many days. */
  auditDays: number;
  /** A server that is told to end answers "not ready" for `drainMs` before it stops listening, and ends at `limitMs` whatever is left. */
  shutdown: { drainMs: number; limitMs: number };
  /** The proxies in front whose entries of `X-Forwarded-For` are believed; 0: none, the connection's own address counts. */
  trustedProxies: number;
  /** `signIns`, `connectsByAddress` and `callbacks` count per network address, the others per user. */
  ratePerMinute: {
    signIns: number;
    connect: number;
    connectsByAddress: number;
    callbacks: number;
    reads: number;
    permits: number;
  };
  /** Requests that arrive more slowly are refused. */
  arrival: ArrivalLimits;
  /** The names that a development server answers to, besides localhost and addresses of digits. */
  ownHosts: readonly string[];
  /** Where vulnerabilities are reported, and the rules for doing so: for `security.txt`. */
  security?: { contact: string; policyUrl?: string };
  /** Absent: no traces and no metrics are sent. */
  telemetry?: TelemetrySettings;
  /** Present while the sandbox stands in for Echo. `chainRpcUrl`: a node that is already running; absent: the sandbox runs its own. */
  sandbox?: SandboxSettings;
  /** A fork's own variables, by name (`lib/config/own-settings.ts`). */
  own: OwnSettings;
}

interface SandboxSettings {
  port: number;
  chainId: number;
  /** The payment tokens of its sale, in the sale's order. */
  paymentTokens: readonly SandboxToken[];
  /** The origin of its pages for browsers. */
  origin: string;
  chainRpcUrl?: string;
  /** The host names that it answers to besides this machine's own. */
  hosts: readonly string[];
  /** Variables that are set and have no effect. */
  ignored: readonly string[];
  /** Present if strangers may use the sandbox: its address for browsers, and the time between two resets. */
  demo?: { url: string; resetMinutes: number };
}

/** This site's registration with an identity provider. */
export interface LoginSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

/** The result of `checkEnv`. */
export type EnvCheck = { ok: true; env: Env } | { ok: false; problems: EnvProblem[] };

/** `hasClient` is true for an invalid client id too: whoever has tried to set one does not want the sandbox. */
function sandboxWanted(vars: Environment, hasClient: boolean): boolean {
  if (vars.SANDBOX !== undefined) return vars.SANDBOX === "1";
  return vars.NODE_ENV === "development" && !hasClient;
}

function sandboxPort({ SANDBOX_PORT }: Environment): number {
  return SANDBOX_PORT ?? SANDBOX_DEFAULT_PORT;
}

function sonarSettings(vars: Environment, appUrl: string, sandbox: SandboxSettings | undefined): SonarSettings {
  const sandboxOrigin = sandbox && sandboxEchoOrigin(sandbox.port);
  return {
    clientUUID: (sandboxOrigin ? SANDBOX_CLIENT_UUID : vars.SONAR_CLIENT_UUID) ?? "",
    saleUUID: (sandboxOrigin ? SANDBOX_SALE_UUID : vars.SONAR_SALE_UUID) ?? "",
    redirectUri: vars.SONAR_REDIRECT_URI ?? `${appUrl}/oauth/callback`,
    apiUrl: sandboxOrigin ?? vars.SONAR_API_URL ?? "https://api.echo.xyz",
    frontendUrl: sandbox?.demo?.url ?? sandboxOrigin ?? vars.SONAR_FRONTEND_URL ?? "https://app.echo.xyz",
  };
}

/** `missingVariables` has ruled out that only some of the three are set. */
function loginSettings(vars: Environment): LoginSettings | undefined {
  const { LOGIN_ISSUER: issuer, LOGIN_CLIENT_ID: clientId, LOGIN_CLIENT_SECRET: clientSecret } = vars;
  return issuer && clientId && clientSecret ? { issuer, clientId, clientSecret } : undefined;
}

function saleTimes(vars: Environment): Env["sale"] {
  return {
    opensAt: vars.SALE_OPENS_AT,
    closesAt: vars.SALE_CLOSES_AT,
  };
}

function sandboxSettings(vars: Environment, appUrl: string): SandboxSettings {
  const { RPC_URLS: [chainRpcUrl] = [], SANDBOX_DEMO, SANDBOX_RESET_MINUTES: resetMinutes = 60 } = vars;
  const port = sandboxPort(vars);
  const facts = {
    port,
    chainId: vars.SANDBOX_CHAIN_ID ?? SANDBOX_DEFAULT_CHAIN_ID,
    paymentTokens: vars.SANDBOX_PAYMENT_TOKENS ?? SANDBOX_DEFAULT_TOKENS,
    hosts: vars.SANDBOX_HOSTS ?? [],
    ignored: ignoredInSandbox(vars),
  };
  if (SANDBOX_DEMO !== "1") return { ...facts, origin: sandboxEchoOrigin(port), chainRpcUrl };
  return { ...facts, origin: appUrl, demo: { url: appUrl + SANDBOX_DEMO_PATH, resetMinutes } };
}

function securitySettings({
  SECURITY_CONTACT: contact,
  SECURITY_POLICY_URL: policyUrl,
}: Environment): Pick<Env, "security"> {
  return contact === undefined ? {} : { security: { contact, policyUrl } };
}

interface OtherVariables {
  providers: Env["providers"];
  own: OwnSettings;
}

function withDefaults(vars: Environment, inSandbox: boolean, { providers, own }: OtherVariables): Env {
  const appUrl = vars.APP_URL ?? `http://localhost:${vars.PORT ?? 3000}`;
  const sandbox = inSandbox ? sandboxSettings(vars, appUrl) : undefined;
  const chain = chainSettings(vars, sandbox && { ...sandbox, demoUrl: sandbox.demo?.url });
  const secrets = vars.SESSION_SECRET && vars.TOKEN_ENCRYPTION_KEY ? undefined : developmentSecrets();
  const sessionSecrets = vars.SESSION_SECRET ?? (secrets ? [secrets.sessionSecret] : []);
  return {
    appUrl,
    production: vars.NODE_ENV === "production",
    sonar: sonarSettings(vars, appUrl, sandbox),
    formActionOrigins: vars.FORM_ACTION_ORIGINS ?? [],
    login: loginSettings(vars),
    demoSignIn: vars.DEMO_SIGN_IN === "1",
    providers,
    sessionSecret: sessionSecrets[0] ?? "",
    sessionSecrets,
    tokenEncryptionKeys: vars.TOKEN_ENCRYPTION_KEY ?? (secrets ? [secrets.tokenEncryptionKey] : []),
    ...databaseSettings(vars),
    sale: saleTimes(vars),
    salePaused: vars.SALE_PAUSED === "1",
    chain,
    supportUrl: vars.SUPPORT_URL ?? site.supportUrl,
    upstreamTimeoutMs: vars.UPSTREAM_TIMEOUT_MS ?? 10_000,
    keepAliveSeconds: vars.KEEP_ALIVE_SECONDS ?? 75,
    shutdown: { drainMs: vars.SHUTDOWN_DRAIN_MS ?? 3_000, limitMs: vars.SHUTDOWN_MS ?? 25_000 },
    trustedProxies: vars.TRUSTED_PROXIES ?? 1,
    arrival: {
      headersSeconds: vars.HEADERS_SECONDS ?? 20,
      requestSeconds: vars.REQUEST_SECONDS ?? 60,
      stalledSeconds: vars.STALLED_SECONDS ?? 120,
    },
    ownHosts: [new URL(appUrl).hostname, ...(vars.DEV_HOSTNAME ? [vars.DEV_HOSTNAME] : [])],
    ...securitySettings(vars),
    ratePerMinute: {
      signIns: vars.RATE_SIGN_IN_PER_MINUTE ?? 300,
      connect: vars.RATE_CONNECT_PER_MINUTE ?? 20,
      connectsByAddress: vars.RATE_CONNECT_PER_ADDRESS_PER_MINUTE ?? 300,
      callbacks: vars.RATE_CALLBACK_PER_ADDRESS_PER_MINUTE ?? 600,
      reads: vars.RATE_READS_PER_MINUTE ?? 300,
      permits: vars.RATE_PERMIT_PER_MINUTE ?? 10,
    },
    auditDays: vars.AUDIT_DAYS ?? 365,
    telemetry: telemetrySettings(vars),
    ...(sandbox && { sandbox }),
    own,
  };
}

/** Reads a fork's own variables. A required one that is not set is described as its schema is (`.describe(...)`). */
function readOwnSettings(vars: Source, sandbox: boolean) {
  const parsed = ownSettings.safeParse(sandbox ? { ...ownSamples, ...vars } : vars);
  const shape: Readonly<Record<string, z.ZodType>> = ownSettings.shape;
  const problems = [...firstProblems(parsed.error?.issues ?? [])].map(([variable, message]) => {
    if (vars[variable] !== undefined) return { variable, problem: message };
    const why = shape[variable]?.description;
    return { variable, problem: why ? `is missing: ${why}` : "is missing" };
  });
  return { values: parsed.data, problems };
}

/** Reads and checks a whole environment; reports every problem at once. */
export function checkEnv(source: Source): EnvCheck {
  const vars = withoutEmpty(source);
  const parsed = environmentSchema.safeParse(vars);
  const named = firstProblems(parsed.error?.issues ?? []);
  // The rules across variables run on all valid values, so that one bad URL does not hide a missing secret.
  const readable =
    parsed.data ?? environmentSchema.parse(Object.fromEntries(Object.entries(vars).filter(([key]) => !named.has(key))));
  const sandbox = sandboxWanted(readable, vars.SONAR_CLIENT_UUID !== undefined);
  const more = [...missingVariables(readable, sandbox), ...contradictions(readable, sandbox)].filter(
    ({ variable }) => !named.has(variable),
  );
  // A demo has no door for the further providers' pages, so that it does not offer them.
  const standIns = sandbox && readable.SANDBOX_DEMO !== "1";
  const others = readProviderSettings(vars, standIns ? sandboxPort(readable) : undefined);
  const own = readOwnSettings(vars, sandbox);
  const first = [...named].map(([variable, problem]) => ({ variable, problem }));
  const problems = [...first, ...more, ...others.problems, ...own.problems, ...siteProblems(site)];
  return problems.length > 0 || !own.values
    ? { ok: false, problems }
    : { ok: true, env: withDefaults(readable, sandbox, { providers: others.settings, own: own.values }) };
}

/** The check of this process's environment, made once: the environment does not change while a process lives. */
export function environmentCheck(): EnvCheck {
  return processGlobal("env", () => checkEnv(process.env));
}

/** The checked configuration. Throws if it is bad, which `register()` and the root layout have ruled out before. */
export function getEnv(): Env {
  const check = environmentCheck();
  if (!check.ok) throw new Error(`Configuration problem: ${check.problems.map(({ variable }) => variable).join(", ")}`);
  return check.env;
}
