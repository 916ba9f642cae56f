import "server-only";
import { z } from "zod";
import { knownChain } from "@/lib/config/chain";
import type { Environment, EnvProblem } from "@/lib/config/env-schema";
import type { Site } from "@/lib/config/site";
import { isLoopback } from "@/lib/http/secure-url";
import { registeredProviders } from "@/lib/providers/index";
import { parseDecimal } from "@/lib/sale/money";

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

/** Against a real Sonar, a sale whose visitors are all strangers to it must be nobody's mistake. */
function signsStrangersIn({ DEMO_SIGN_IN, SONAR_API_URL = "" }: Environment, sandbox: boolean): boolean {
  return DEMO_SIGN_IN === "1" && !sandbox && !isLoopback(SONAR_API_URL);
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
    variable: "DEMO_SIGN_IN",
    problem: "is only for the sandbox, or a Sonar API on this machine: it signs everybody in",
    holds: signsStrangersIn,
  },
];

/** The problems of values that contradict each other, or where the app runs. */
export function contradictions(vars: Environment, sandbox: boolean): EnvProblem[] {
  const broken = CONTRADICTIONS.filter(({ holds }) => holds(vars, sandbox));
  return broken.map(({ variable, problem }) => ({ variable, problem }));
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

const words = z.string().trim().min(1, "is empty");

const colour = z.string().regex(/^#[0-9a-f]{6}$/i, "must be a colour like #3450d2");

const colours = z.object({ light: colour, dark: colour });

/** One slash at the beginning: two would lead to another host. */
const path = z.string().regex(/^\/(?![/\\])/, "must be a path like /terms");

function isAddress(value: string): boolean {
  return URL.canParse(value) && /^(https:\/\/|mailto:\S+@)/.test(value);
}

const href = z
  .string()
  .refine(
    (value) => path.safeParse(value).success || isAddress(value),
    "must be a path like /terms, or an https or mailto address",
  );

const links = z.array(z.object({ label: words, href }));

/** The sources of a policy. Anything but an origin, such as a semicolon, could add a directive. */
function sources(schemes: string) {
  const origin = new RegExp(`^(${schemes})://(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)*(:\\d{1,5})?$`, "i");
  return z.array(z.string().regex(origin, "must be an origin like https://example.com, without a path"));
}

const amount = z
  .string()
  .refine((value) => (parseDecimal(value, 18) ?? 0n) > 0n, "must be a decimal number above zero, such as 0.0215");

const saleRules = z.object({
  price: amount.optional(),
  tokenDecimals: z.int().min(0).max(36),
  supply: amount,
  minimum: amount.optional(),
  maximum: amount.optional(),
  target: amount.optional(),
  cap: amount.optional(),
  oversubscription: z.object({ text: words }),
  lockup: words,
  refund: words,
  afterClose: words,
});

const siteRules = z.object({
  name: words,
  description: words,
  locale: z.string().refine(isLanguageTag, "must be a language like en or pt-BR"),
  logo: z.object({ src: path, width: z.number().positive(), height: z.number().positive() }).optional(),
  accent: colours,
  onAccent: colours,
  sale: saleRules,
  navigation: links,
  legal: links,
  consent: z
    .object({
      by: z.enum(["press", "checkbox"]),
      version: words.max(64, "is too long"),
      statement: words,
      documents: links,
    })
    .optional(),
  supportUrl: z.string().refine(isAddress, "must be an https or mailto address").optional(),
  contentSources: z.object({ connect: sources("https|wss"), image: sources("https"), frame: sources("https") }),
});

function isLanguageTag(value: string): boolean {
  try {
    return Intl.getCanonicalLocales(value)[0] === value;
  } catch {
    return false;
  }
}

/** The values of `lib/config/site.ts` that would break a page or its policy, reported like those of the environment. */
export function siteProblems(site: Site): EnvProblem[] {
  const issues = siteRules.safeParse(site).error?.issues ?? [];
  return issues.map(({ path: place, message }) => ({
    variable: ["site", ...place].join("."),
    problem: `(lib/config/site.ts) ${message}`,
  }));
}
