import "server-only";
import type { Environment, EnvProblem } from "@/lib/config/env-schema";
import { isLoopback } from "@/lib/http/secure-url";

type Rule = EnvProblem & { holds: (vars: Environment, sandbox: boolean) => boolean };

/** True for a site in production that others than this machine can reach. */
function isLive({ NODE_ENV, APP_URL }: Environment): boolean {
  return NODE_ENV === "production" && APP_URL !== undefined && !isLoopback(APP_URL);
}

/** Against a real Sonar, a sale whose visitors are all strangers to it must be nobody's mistake. */
function signsStrangersIn({ DEMO_SIGN_IN, SONAR_API_URL = "" }: Environment, sandbox: boolean): boolean {
  return DEMO_SIGN_IN === "1" && !sandbox && !isLoopback(SONAR_API_URL);
}

/** The sandbox answers everybody who asks, in the place of a sale that people may take for a real one. */
function showsTheSandbox(vars: Environment, sandbox: boolean): boolean {
  return sandbox && vars.SANDBOX_DEMO !== "1" && isLive(vars);
}

/** Then whoever learns one of them can seal cookies and open tokens: two secrets that are one protect nothing from each other. */
function sharesASecret({ NODE_ENV, SESSION_SECRET = [], TOKEN_ENCRYPTION_KEY = [] }: Environment): boolean {
  return NODE_ENV === "production" && SESSION_SECRET.some((secret) => TOKEN_ENCRYPTION_KEY.includes(secret));
}

const RULES: readonly Rule[] = [
  {
    variable: "DATABASE_URL",
    problem:
      "must not be file::memory: in production: sessions, connections and consents would be gone with each process, and a pause would reach none",
    holds: ({ NODE_ENV, DATABASE_URL }) => NODE_ENV === "production" && DATABASE_URL === "file::memory:",
  },
  {
    variable: "SANDBOX",
    problem:
      "must not be 1 on a site that others can reach (APP_URL): anybody could sign in as anybody there, and no sale is real. Leave it unset, or set SANDBOX_DEMO=1 for a public demo",
    holds: showsTheSandbox,
  },
  {
    variable: "DEMO_SIGN_IN",
    problem: "is only for the sandbox, or a Sonar API on this machine: it signs everybody in",
    holds: signsStrangersIn,
  },
  {
    variable: "SESSION_SECRET",
    problem: "must not be TOKEN_ENCRYPTION_KEY: whoever learns one of the two must not have the other",
    holds: sharesASecret,
  },
  {
    variable: "NODE_TLS_REJECT_UNAUTHORIZED",
    problem:
      "must not be 0: anybody on the way could answer for Sonar and take its tokens. For a certificate authority of your own, set NODE_EXTRA_CA_CERTS",
    holds: (vars) => vars.NODE_ENV === "production" && vars.NODE_TLS_REJECT_UNAUTHORIZED === "0",
  },
  {
    variable: "NODE_OPTIONS",
    problem:
      "must not hold --insecure-http-parser: a request that a proxy and this server read differently can reach another user's connection",
    // Node takes underscores for dashes.
    holds: (vars) => vars.NODE_ENV === "production" && /--insecure[-_]http[-_]parser/.test(vars.NODE_OPTIONS ?? ""),
  },
  {
    variable: "DEBUG",
    problem:
      "must not switch Next's own lines on (next, *): they hold each request's cookies and codes, by which whoever reads the log could take over a session",
    holds: (vars) => vars.NODE_ENV === "production" && /(^|[\s,])(next|n?e?x?t?\*)/.test(vars.DEBUG ?? ""),
  },
];

/** Addresses that this site's pages send browsers to, and those that answer for who somebody is. `RPC_URLS` may be a node on this machine. */
const SEEN_FROM_OUTSIDE = [
  "SONAR_API_URL",
  "SONAR_FRONTEND_URL",
  "LOGIN_ISSUER",
  "PUBLIC_RPC_URLS",
  "WALLETCONNECT_RELAY_URL",
  "EXPLORER_URL",
  "SUPPORT_URL",
] as const satisfies readonly (keyof Environment)[];

const HERE =
  "leads to this machine (localhost), but visitors of a live site (APP_URL) would be led to theirs, where any program may answer";

function leadsHere(value: string | readonly string[] = []): boolean {
  return [value].flat().some((url) => isLoopback(url));
}

/** The problems of a site that others can reach: what would be harmless on a developer's machine, and is a way in there. */
export function liveSiteProblems(vars: Environment, sandbox: boolean): EnvProblem[] {
  const broken = RULES.filter(({ holds }) => holds(vars, sandbox));
  const local = isLive(vars) && !sandbox ? SEEN_FROM_OUTSIDE.filter((variable) => leadsHere(vars[variable])) : [];
  return [
    ...broken.map(({ variable, problem }) => ({ variable, problem })),
    ...local.map((variable) => ({ variable, problem: HERE })),
  ];
}
