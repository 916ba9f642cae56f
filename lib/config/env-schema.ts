import "server-only";
import { getAddress, isAddress } from "viem/utils";
import { z } from "zod";
import type { SandboxToken } from "@/lib/config/sandbox";
import { LOG_LEVELS } from "@/lib/http/log";
import { isSecureUrl } from "@/lib/http/secure-url";
import { parsePriceTick } from "@/lib/purchase/price";
import { isSolanaAddress, readUuid } from "@/lib/sale/hex";

/** What stands in the place of a value in sample files, in dashboards (`[YOUR-PASSWORD]`), in templates that nothing has filled in, and masks. */
const PLACEHOLDERS = [
  /^(0x)?[0-]+$/,
  /^(change|replace)[-_ ]?me/i,
  /^your[-_ ]/i,
  /^<.*>$/,
  /^\[.*\]$/,
  /^\$?\{.*\}$/,
  /^\$\w+$/,
  /^[*x\u2022]{3,}$/i,
];

/** The same within a URL. An IPv6 address in brackets contains a colon. */
const PLACEHOLDERS_IN_URLS = [
  /<[^>]*>/,
  /\[[^\]:]*\]/,
  /\{[^}]*\}/,
  /[*\u2022]{3,}/,
  /\bYOUR[-_]/,
  /\byour[-_](app|api|database|db|domain|host|key|password|project|secret|site|token|user)/i,
  /@(host|hostname)([:/]|$)/i,
];

const STILL_PLACEHOLDER = "is still a placeholder";

const QUOTES = "\"'`\u2018\u2019\u201c\u201d";

/** `docker run --env-file` and some dashboards keep the quotes that a `.env` file may have. */
function isQuoted(value: string): boolean {
  return value.length > 1 && QUOTES.includes(value.slice(0, 1)) && QUOTES.includes(value.slice(-1));
}

const unquoted = z
  .string()
  .trim()
  .refine((value) => !isQuoted(value), "is in quotes: remove them");

/** Text that is not a sample file's placeholder, and not in quotes. */
export const text = unquoted
  .refine((value) => !/[\p{Cc}\p{Cf}]/u.test(value), "contains a character that cannot be seen: type it anew")
  .refine((value) => !PLACEHOLDERS.some((placeholder) => placeholder.test(value)), STILL_PLACEHOLDER);

/** The text of a URL, or of several: there may be blanks beside the commas. */
const urlText = text
  .refine((value) => !value.split(",").some((one) => /\s/.test(one.trim())), "must be written without blanks")
  .refine((value) => !new RegExp(`[${QUOTES}]`).test(value), "contains a quote: remove it")
  .refine((value) => !PLACEHOLDERS_IN_URLS.some((placeholder) => placeholder.test(value)), STILL_PLACEHOLDER);

const USER_INFO = "must not contain a user name or password";

function hasUserInfo(value: string): boolean {
  return URL.canParse(value) && (new URL(value).username !== "" || new URL(value).password !== "");
}

/**
 * An https address, or an http one of this machine. A user name or password is refused: it would be dropped silently from a value of which
 * only the origin is used.
 */
export const secureUrl = urlText
  .refine(isSecureUrl, "must be an https URL (http is accepted for localhost only)")
  .refine((value) => !hasUserInfo(value), USER_INFO);

/**
 * The exact identifier of an issuer. It may have a path or end in a slash, and is compared as text (RFC 8414 section 3.3). It has no query or
 * fragment (section 2).
 */
export const issuer = secureUrl.refine((value) => !/[?#]/.test(value), "must be a URL without a query");

/** An https origin, or an http one of this machine. */
export const origin = secureUrl
  .refine(
    (value) => URL.canParse(value) && new URL(value).pathname === "/" && !/[?#]/.test(value),
    "must be an origin, without a path",
  )
  .transform((value) => new URL(value).origin);

const origins = urlText
  .transform((value) => value.split(",").map((one) => origin.safeParse(one.trim()).data))
  .refine((list) => !list.includes(undefined), "must be an https origin without a path, or several separated by commas")
  .transform((list) => list.filter((one) => one !== undefined));

/** Dashboards and contracts show ids with and without dashes and 0x. The API wants dashes. */
const uuid = text
  .transform((value) => readUuid(value) ?? value)
  .pipe(z.guid("must be a UUID like 1b4e28ba-2fa1-41d2-883f-0016d3cca427"));

/** An address all in upper case has no checksum (EIP-55), which viem does not know. */
function withoutFalseChecksum(value: string): string {
  const digits = value.replace(/^0x/i, "");
  return `0x${digits === digits.toUpperCase() ? digits.toLowerCase() : digits}`;
}

const address = text
  .refine((value) => !isSolanaAddress(value), "is an address on Solana: this app supports sales on EVM chains only")
  .regex(/^(?:0x)?[0-9a-f]{40}$/i, "must be an address: 0x and 40 hexadecimal digits")
  .transform(withoutFalseChecksum)
  .refine((value): boolean => isAddress(value), "is mistyped: its capital letters are a checksum, which does not fit")
  .transform((value) => getAddress(value));

/** RPC URLs often carry a key in their path or query, so the whole URL is kept. */
const rpcUrls = urlText
  .transform((value) => value.split(",").map((url) => url.trim()))
  .refine(
    (urls) => urls.every((url) => isSecureUrl(url)),
    "must be an https URL (http is accepted for localhost only), or several of them separated by commas",
  );

/** Browsers receive these URLs, including any password in them. */
const publicRpcUrls = rpcUrls.refine((urls) => !urls.some(hasUserInfo), USER_INFO);

const projectId = text
  .regex(/^[0-9a-f]{32}$/i, "must be 32 hexadecimal digits, as Reown's dashboard shows it")
  .transform((value) => value.toLowerCase());

/** A relay is spoken to over a WebSocket. */
const relayUrl = urlText
  .refine((value) => /^wss?:/i.test(value), "must begin with wss://")
  .transform((value) => value.replace(/^ws/i, "http"))
  .refine((value) => isSecureUrl(value), "must be a wss URL (ws is accepted for localhost only)")
  .refine((value) => !hasUserInfo(value), USER_INFO)
  .transform((value) => value.replace(/^http/i, "ws"));

// A comma is refused, because 0,0215 must not be read as 215.
const priceTick = text.refine(
  (value) => /^[\d.]+$/.test(value) && parsePriceTick(value) !== undefined,
  "must be a decimal number above zero, like 0.0215",
);

const unixTime = text
  .pipe(z.iso.datetime({ offset: true, error: "must be a time like 2026-12-01T12:00:00Z" }))
  .transform((value) => Date.parse(value));

function wholeNumber(minimum: number, maximum: number) {
  const range = `must be a whole number from ${minimum} to ${maximum}`;
  return unquoted
    .regex(/^\d{1,16}$/, range)
    .transform(Number)
    .pipe(z.number().min(minimum, range).max(maximum, range));
}

function isKey(value: string, lengths: readonly number[]): boolean {
  const bytes = Buffer.from(value, "base64");
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) && lengths.includes(bytes.length) && bytes.some((byte) => byte !== 0);
}

const encryptionKeys = text
  .transform((value) => value.split(",").map((key) => key.trim()))
  .refine(
    (keys) => keys.every((key) => isKey(key, [32])),
    "must be 32 bytes in base64, or several such keys separated by commas",
  );

// Next decodes it with `atob`, which accepts no `-` or `_`. Any AES key length is valid.
const serverActionsKey = text.refine(
  (value) => !/[_-]/.test(value) && isKey(value, [16, 24, 32]),
  "must be 16, 24 or 32 bytes in base64",
);

const UNREADABLE_DATABASE =
  "cannot be read: in user and password, write special characters in percent form (# as %23, @ as %40, / as %2F, ? as %3F, % as %25, a blank as %20)";

function isDecodable(part: string): boolean {
  try {
    return decodeURIComponent(part) !== undefined;
  } catch {
    return false;
  }
}

/**
 * False for a password that was pasted as it is. Such a URL is often valid and means another server: its host would end at the `#`, `/` or `?`
 * of the password. No part after the host contains an `@`, and nothing a fragment. As pg reads it: without a host, the query names a socket.
 */
function isReadablePostgres(value: string): boolean {
  const parts = value.split("@");
  return (
    !/[\s#]/.test(value) &&
    parts.length <= 2 &&
    (parts.length === 1 || !/[/?]/.test(parts[0]?.replace(/^postgres(ql)?:\/\//, "") ?? "")) &&
    parts.every(isDecodable) &&
    URL.canParse(value.replace("@/", "@localhost/"))
  );
}

/** A Postgres URL, or with `orFile` a SQLite file, whose path may contain anything. */
function database(orFile: boolean) {
  const isFile = (value: string) => orFile && /^file:./.test(value);
  return text
    .refine((value) => !/^psql\s/.test(value), "is a command: keep only the URL in it")
    .refine(
      (value) => isFile(value) || /^postgres(ql)?:\/\/./.test(value),
      orFile ? "must begin with postgres:// or file:" : "must begin with postgres://",
    )
    .refine(
      (value) => isFile(value) || !PLACEHOLDERS_IN_URLS.some((placeholder) => placeholder.test(value)),
      "still contains a placeholder, for the password say: put the real value in its place",
    )
    .refine((value) => isFile(value) || isReadablePostgres(value), UNREADABLE_DATABASE);
}

const onOrOff = z.enum(["0", "1"], "must be 1 (on) or 0 (off)");

/** The sandbox's payment tokens: one of them, or both in either order. */
const sandboxTokens = text
  .transform((value): SandboxToken[] => {
    const names = value.split(",").map((name) => name.trim().toLowerCase());
    const distinct = new Set(names).size === names.length;
    return distinct && names.every((name) => name === "usdc" || name === "usdt") ? names : [];
  })
  .refine((tokens) => tokens.length > 0, "must be USDC,USDT or USDT,USDC or one of the two");

const hostNames = text
  .transform((value) => value.split(",").map((name) => name.trim().toLowerCase()))
  .refine(
    (names) => names.every((name) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)),
    "must be a host name without scheme and port, or several separated by commas",
  );

/** Every variable that the app, its migrations or Next read, as text. `env.ts` has the defaults, `env-rules.ts` the rules across variables. */
export const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  VERCEL: z.string().optional(),
  PORT: wholeNumber(1, 65_535).optional(),
  APP_URL: origin.optional(),
  SONAR_CLIENT_UUID: uuid.optional(),
  SONAR_SALE_UUID: uuid.optional(),
  SONAR_REDIRECT_URI: secureUrl.optional(),
  SONAR_API_URL: origin.optional(),
  SONAR_FRONTEND_URL: origin.optional(),
  SESSION_SECRET: text.min(32, "must have at least 32 characters").optional(),
  TOKEN_ENCRYPTION_KEY: encryptionKeys.optional(),
  FORM_ACTION_ORIGINS: origins.optional(),
  LOGIN_ISSUER: issuer.optional(),
  LOGIN_CLIENT_ID: text.max(512, "is too long").optional(),
  LOGIN_CLIENT_SECRET: text.max(512, "is too long").optional(),
  DEMO_SIGN_IN: onOrOff.optional(),
  DATABASE_URL: database(true).optional(),
  DATABASE_DIRECT_URL: database(false).optional(),
  MIGRATE_ON_START: onOrOff.optional(),
  SALE_CHAIN_ID: wholeNumber(1, 999_999_999_999).optional(),
  SALE_CONTRACT_ADDRESS: address.optional(),
  SALE_FROM_BLOCK: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  RPC_URLS: rpcUrls.optional(),
  PUBLIC_RPC_URLS: publicRpcUrls.optional(),
  SALE_PRICE_TICK: priceTick.optional(),
  SALE_OPENS_AT: unixTime.optional(),
  SALE_CLOSES_AT: unixTime.optional(),
  EXPLORER_URL: origin.optional(),
  WALLETCONNECT_PROJECT_ID: projectId.optional(),
  WALLETCONNECT_RELAY_URL: relayUrl.optional(),
  SUPPORT_URL: urlText
    .refine((value) => isSecureUrl(value) || /^mailto:\S+@\S+$/.test(value), "must be an https or mailto URL")
    .refine((value) => !hasUserInfo(value), USER_INFO)
    .optional(),
  KEEP_ALIVE_SECONDS: wholeNumber(1, 3_600).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).optional(),
  UPSTREAM_TIMEOUT_MS: wholeNumber(500, 50_000).optional(),
  UPSTREAM_MAX_BYTES: wholeNumber(10_000, 100_000_000).optional(),
  RATE_SIGN_IN_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_CONNECT_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_READS_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  RATE_PERMIT_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  SANDBOX: onOrOff.optional(),
  SANDBOX_PORT: wholeNumber(1, 65_500).optional(),
  SANDBOX_CHAIN_ID: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
  SANDBOX_PAYMENT_TOKENS: sandboxTokens.optional(),
  SANDBOX_HOSTS: hostNames.optional(),
  SANDBOX_DEMO: onOrOff.optional(),
  // A permit is valid for ten minutes. It must not outlive the chain that it was made for, or others could send its transaction again.
  SANDBOX_RESET_MINUTES: wholeNumber(15, 1_440).optional(),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: serverActionsKey.optional(),
});

/** The environment after parsing, before defaults. */
export type Environment = z.infer<typeof environmentSchema>;

/** A text for each required variable of a schema; for the others, one may be given. */
export type SampleValues<Schema extends z.ZodObject> = Readonly<
  {
    [Name in keyof Schema["shape"] as undefined extends z.input<Schema["shape"][Name]> ? never : Name]: string;
  } & { [Name in keyof Schema["shape"]]?: string }
>;

/** One problem of the configuration. It names the variable and never shows its value. */
export interface EnvProblem {
  variable: string;
  problem: string;
}
