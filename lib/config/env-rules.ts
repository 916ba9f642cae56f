import "server-only";
import { knownChain } from "@/lib/config/chain";
import { isExposed } from "@/lib/config/database-url";
import type { Environment, EnvProblem } from "@/lib/config/env-schema";
import { liveSiteProblems } from "@/lib/config/live-site-rules";
import { isLoopback } from "@/lib/http/secure-url";
import { registeredProviders } from "@/lib/providers/index";

interface Needed {
  variable: keyof Environment;
  /** The variable's meaning, or the place where its value is found. */
  why: string;
}

const NEEDED_FOR_SONAR: readonly Needed[] = [
  {
    variable: "SONAR_CLIENT_UUID",
    why: "the OAuth client of your sale, from Echo's founder dashboard (or set SANDBOX=1)",
  },
  { variable: "SONAR_SALE_UUID", why: "your sale, from Echo's founder dashboard" },
];

const NEEDED_IN_PRODUCTION: readonly Needed[] = [
  { variable: "SESSION_SECRET", why: "32 or more random characters, e.g. from: openssl rand -base64 32" },
  { variable: "TOKEN_ENCRYPTION_KEY", why: "32 random bytes in base64, e.g. from: openssl rand -base64 32" },
];

const ADDRESS: readonly Needed[] = [
  { variable: "APP_URL", why: "the address of this site, e.g. https://sale.example.com" },
];

const CHAIN: readonly Needed[] = [
  { variable: "SALE_CHAIN_ID", why: "the number of the chain that the contract is on" },
];

const RPC_OF_UNKNOWN_CHAIN: readonly Needed[] = [
  { variable: "RPC_URLS", why: "no public RPC URL of this chain is known" },
  { variable: "PUBLIC_RPC_URLS", why: "no public RPC URL of this chain is known" },
];

const PUBLIC_RPC_OF_REMOTE_NODE: readonly Needed[] = [
  { variable: "PUBLIC_RPC_URLS", why: "browsers are not told the RPC_URLS of another machine, which may carry keys" },
];

/** The sandbox is often switched on in a live environment, for a demo. */
function neededForTheSandbox({ RPC_URLS = [] }: Environment): readonly Needed[] {
  return RPC_URLS.every(isLoopback) ? [] : PUBLIC_RPC_OF_REMOTE_NODE;
}

/** Until the contract is announced, the chain is not read. */
function neededForTheChain({ SALE_CONTRACT_ADDRESS, SALE_CHAIN_ID }: Environment): readonly Needed[] {
  if (SALE_CONTRACT_ADDRESS === undefined) return [];
  if (SALE_CHAIN_ID === undefined) return CHAIN;
  return knownChain(SALE_CHAIN_ID)?.rpcUrls.length ? [] : RPC_OF_UNKNOWN_CHAIN;
}

const LOGIN: readonly Needed[] = [
  { variable: "LOGIN_ISSUER", why: "the identity provider's issuer, exactly as in its discovery document" },
  { variable: "LOGIN_CLIENT_ID", why: "this site's client id at the identity provider" },
  { variable: "LOGIN_CLIENT_SECRET", why: "this site's client secret at the identity provider" },
];

/** With only some of the three, nobody could sign in, or everybody as somebody new. */
function neededForTheLogin(vars: Environment): readonly Needed[] {
  return LOGIN.some(({ variable }) => vars[variable] !== undefined) ? LOGIN : [];
}

/** The problems of missing variables, given where the app runs. */
export function missingVariables(vars: Environment, sandbox: boolean): EnvProblem[] {
  const production = vars.NODE_ENV === "production";
  const needed = [
    ...(production && (!sandbox || vars.SANDBOX_DEMO === "1") ? ADDRESS : []),
    ...(sandbox ? neededForTheSandbox(vars) : [...NEEDED_FOR_SONAR, ...neededForTheChain(vars)]),
    ...(production ? NEEDED_IN_PRODUCTION : []),
    ...neededForTheLogin(vars),
  ];
  const unset = needed.filter(({ variable }) => vars[variable] === undefined);
  return unset.map(({ variable, why }) => ({ variable, problem: `is missing: ${why}` }));
}

/** Started without this app's scripts, `next dev` moves to another port if its own is busy, and the redirect from Sonar would fail. */
function listensElsewhere({ NODE_ENV, APP_URL, PORT }: Environment): boolean {
  if (NODE_ENV === "production" || !APP_URL || PORT === undefined) return false;
  const { protocol, port } = new URL(APP_URL);
  return protocol === "http:" && port !== "" && port !== String(PORT);
}

function leadsElsewhere({ APP_URL, SONAR_REDIRECT_URI }: Environment): boolean {
  return Boolean(APP_URL && SONAR_REDIRECT_URI && new URL(SONAR_REDIRECT_URI).origin !== APP_URL);
}

function missesTheCallback({ SONAR_REDIRECT_URI }: Environment): boolean {
  return (
    SONAR_REDIRECT_URI !== undefined && !/^\/oauth\/callback(\/[^/]+)*$/.test(new URL(SONAR_REDIRECT_URI).pathname)
  );
}

/** A callback's path identifies its provider (mix-up defence, RFC 9700 section 4.4.2). */
function takesAnothersCallback({ SONAR_REDIRECT_URI }: Environment): boolean {
  const path = SONAR_REDIRECT_URI && new URL(SONAR_REDIRECT_URI).pathname;
  return registeredProviders.some(({ id }) => path === `/oauth/callback/${id}`);
}

function endsBeforeItBegins({ SALE_OPENS_AT, SALE_CLOSES_AT }: Environment): boolean {
  return SALE_OPENS_AT !== undefined && SALE_CLOSES_AT !== undefined && SALE_OPENS_AT >= SALE_CLOSES_AT;
}

/** A node that the demo does not start itself has accounts with public keys, or a state that no reset restores. */
function hasNodeOfItsOwn({ SANDBOX_DEMO, RPC_URLS, PUBLIC_RPC_URLS }: Environment): boolean {
  return SANDBOX_DEMO === "1" && (RPC_URLS ?? PUBLIC_RPC_URLS) !== undefined;
}

const EXPOSED =
  "leads to a public network without encryption, which shows the password to anybody on the way: add sslmode=verify-full to its query. Only this machine, private addresses and internal names (db, db.internal) may do without";

type DatabaseVariables = Pick<Environment, "DATABASE_URL" | "DATABASE_DIRECT_URL" | "PGSSLMODE">;

/** The databases whose password would be readable on the way, in every mode: a developer's password opens the same database. */
export function exposedDatabases(vars: DatabaseVariables): EnvProblem[] {
  const variables = ["DATABASE_URL", "DATABASE_DIRECT_URL"] as const;
  const exposed = variables.filter((variable) => isExposed(vars[variable] ?? "", vars.PGSSLMODE));
  return exposed.map((variable) => ({ variable, problem: EXPOSED }));
}

const CONTRADICTIONS: readonly (EnvProblem & { holds: (vars: Environment, sandbox: boolean) => boolean })[] = [
  {
    variable: "DATABASE_URL",
    problem: "must be a postgres:// URL on Vercel: its file system is read-only and every instance has its own",
    holds: ({ VERCEL, DATABASE_URL }) => Boolean(VERCEL) && !DATABASE_URL?.startsWith("postgres"),
  },
  {
    variable: "APP_URL",
    problem: "names another port than the one on which this server listens",
    holds: listensElsewhere,
  },
  {
    variable: "SONAR_REDIRECT_URI",
    problem: "must be on APP_URL: the session cookie exists only there",
    holds: leadsElsewhere,
  },
  {
    variable: "SONAR_REDIRECT_URI",
    problem: "must lead to /oauth/callback, where the app completes a flow",
    holds: missesTheCallback,
  },
  {
    variable: "SONAR_REDIRECT_URI",
    problem: "is another provider's: each has a redirect URI of its own",
    holds: takesAnothersCallback,
  },
  {
    variable: "SANDBOX_DEMO",
    problem: "needs SANDBOX=1: only the sandbox can be shown to the public like this",
    holds: ({ SANDBOX_DEMO, SANDBOX }) => SANDBOX_DEMO === "1" && SANDBOX !== "1",
  },
  {
    variable: "SANDBOX_DEMO",
    problem: "needs RPC_URLS and PUBLIC_RPC_URLS unset: a demo runs a node of its own",
    holds: hasNodeOfItsOwn,
  },
  {
    variable: "SANDBOX_DEMO",
    problem: "needs SANDBOX_HOSTS unset: a demo's ports stay on this machine",
    holds: ({ SANDBOX_DEMO, SANDBOX_HOSTS }) => SANDBOX_DEMO === "1" && SANDBOX_HOSTS !== undefined,
  },
  {
    variable: "WALLETCONNECT_RELAY_URL",
    problem: "needs WALLETCONNECT_PROJECT_ID: without it, WalletConnect is off",
    holds: (vars) => vars.WALLETCONNECT_RELAY_URL !== undefined && vars.WALLETCONNECT_PROJECT_ID === undefined,
  },
  { variable: "SALE_CLOSES_AT", problem: "must be after SALE_OPENS_AT", holds: endsBeforeItBegins },
  {
    variable: "SHUTDOWN_MS",
    problem: "must be longer than SHUTDOWN_DRAIN_MS, which is a part of it",
    holds: ({ SHUTDOWN_MS = 25_000, SHUTDOWN_DRAIN_MS = 3_000 }) => SHUTDOWN_MS <= SHUTDOWN_DRAIN_MS,
  },
];

/** The problems of values that contradict each other, or where the app runs. */
export function contradictions(vars: Environment, sandbox: boolean): EnvProblem[] {
  const broken = CONTRADICTIONS.filter(({ holds }) => holds(vars, sandbox));
  return [
    ...broken.map(({ variable, problem }) => ({ variable, problem })),
    ...liveSiteProblems(vars, sandbox),
    ...exposedDatabases(vars),
  ];
}

/** The sandbox has these facts of its own; with the ones of a real sale, its stand-ins would answer for that sale. */
const IGNORED_IN_SANDBOX = [
  "SALE_CHAIN_ID",
  "SALE_CONTRACT_ADDRESS",
  "SALE_FROM_BLOCK",
  "SONAR_CLIENT_UUID",
  "SONAR_SALE_UUID",
  "SONAR_API_URL",
  "SONAR_FRONTEND_URL",
] as const satisfies readonly (keyof Environment)[];

/** The variables that are set and have no effect while the sandbox is on. */
export function ignoredInSandbox(vars: Readonly<Record<string, unknown>>): readonly string[] {
  return IGNORED_IN_SANDBOX.filter((variable) => vars[variable]);
}

/** Those variables in a sentence for the terminal. */
export function ignoredReport(variables: readonly string[]): string {
  return `The sandbox ignores ${variables.join(", ")}: it has a client, a sale and a contract of its own. SANDBOX_CHAIN_ID sets the id of its chain, RPC_URLS its node.`;
}

/** All problems of an environment, as text for a terminal. It names variables, never values. */
export function envReport(problems: readonly EnvProblem[]): string {
  const lines = problems.map(({ variable, problem }) => `  ${variable} ${problem}`);
  return [`The configuration has ${problems.length} problem(s); .env.example explains every variable.`, ...lines].join(
    "\n",
  );
}
