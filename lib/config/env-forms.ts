import "server-only";
import { getAddress, isAddress } from "viem/utils";
import { z } from "zod";
import { isReadablePostgres } from "@/lib/config/database-url";
import { QUOTES, unquoted } from "@/lib/config/env-text";
import type { SandboxToken } from "@/lib/config/sandbox";
import { isGuessableKey, isGuessableText, isKey } from "@/lib/config/secret-strength";
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

/** Text that is not a sample file's placeholder, and not in quotes. */
export const text = unquoted
  .refine((value) => !/[\p{Cc}\p{Cf}]/u.test(value), "contains a character that cannot be seen: type it anew")
  .refine((value) => !PLACEHOLDERS.some((placeholder) => placeholder.test(value)), STILL_PLACEHOLDER);

/** The text of a URL, or of several: there may be blanks beside the commas. */
export const urlText = text
  .refine((value) => !value.split(",").some((one) => /\s/.test(one.trim())), "must be written without blanks")
  .refine((value) => !new RegExp(`[${QUOTES}]`).test(value), "contains a quote: remove it")
  .refine((value) => !PLACEHOLDERS_IN_URLS.some((placeholder) => placeholder.test(value)), STILL_PLACEHOLDER);

export const USER_INFO = "must not contain a user name or password";

export function hasUserInfo(value: string): boolean {
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

export const origins = urlText
  .transform((value) => value.split(",").map((one) => origin.safeParse(one.trim()).data))
  .refine((list) => !list.includes(undefined), "must be an https origin without a path, or several separated by commas")
  .transform((list) => list.filter((one) => one !== undefined));

/** Dashboards and contracts show ids with and without dashes and 0x. The API wants dashes. */
export const uuid = text
  .transform((value) => readUuid(value) ?? value)
  .pipe(z.guid("must be a UUID like 1b4e28ba-2fa1-41d2-883f-0016d3cca427"));

/** An address all in upper case has no checksum (EIP-55), which viem does not know. */
function withoutFalseChecksum(value: string): string {
  const digits = value.replace(/^0x/i, "");
  return `0x${digits === digits.toUpperCase() ? digits.toLowerCase() : digits}`;
}

export const address = text
  .refine((value) => !isSolanaAddress(value), "is an address on Solana: this app supports sales on EVM chains only")
  .regex(/^(?:0x)?[0-9a-f]{40}$/i, "must be an address: 0x and 40 hexadecimal digits")
  .transform(withoutFalseChecksum)
  .refine((value): boolean => isAddress(value), "is mistyped: its capital letters are a checksum, which does not fit")
  .transform((value) => getAddress(value));

/** RPC URLs often carry a key in their path or query, so the whole URL is kept. */
export const rpcUrls = urlText
  .transform((value) => value.split(",").map((url) => url.trim()))
  .refine(
    (urls) => urls.every((url) => isSecureUrl(url)),
    "must be an https URL (http is accepted for localhost only), or several of them separated by commas",
  );

/** Browsers receive these URLs, including any password in them. */
export const publicRpcUrls = rpcUrls.refine((urls) => !urls.some(hasUserInfo), USER_INFO);

export const projectId = text
  .regex(/^[0-9a-f]{32}$/i, "must be 32 hexadecimal digits, as Reown's dashboard shows it")
  .transform((value) => value.toLowerCase());

/** A relay is spoken to over a WebSocket. */
export const relayUrl = urlText
  .refine((value) => /^wss?:/i.test(value), "must begin with wss://")
  .transform((value) => value.replace(/^ws/i, "http"))
  .refine((value) => isSecureUrl(value), "must be a wss URL (ws is accepted for localhost only)")
  .refine((value) => !hasUserInfo(value), USER_INFO)
  .transform((value) => value.replace(/^http/i, "ws"));

// A comma is refused, because 0,0215 must not be read as 215.
export const priceTick = text.refine(
  (value) => /^[\d.]+$/.test(value) && parsePriceTick(value) !== undefined,
  "must be a decimal number above zero, like 0.0215",
);

export const unixTime = text
  .pipe(z.iso.datetime({ offset: true, error: "must be a time like 2026-12-01T12:00:00Z" }))
  .transform((value) => Date.parse(value));

const GUESSABLE = "can be guessed, because it follows a simple pattern: make one with openssl rand -base64 32";

/** Of several, the first seals and all open, as with encryption keys. */
export const sessionSecrets = text
  .transform((value) => value.split(",").map((secret) => secret.trim()))
  .refine((secrets) => secrets.every(({ length }) => length >= 32), "must have at least 32 characters")
  .refine((secrets) => !secrets.some(isGuessableText), GUESSABLE);

function isGuessable(key: string): boolean {
  return isGuessableKey(Buffer.from(key, "base64"));
}

export const encryptionKeys = text
  .transform((value) => value.split(",").map((key) => key.trim()))
  .refine(
    (keys) => keys.every((key) => isKey(key, [32])),
    "must be 32 bytes in base64, or several such keys separated by commas",
  )
  .refine((keys) => !keys.some(isGuessable), GUESSABLE);

// Next decodes it with `atob`, which accepts no `-` or `_`. Any AES key length is valid.
export const serverActionsKey = text
  .refine((value) => !/[_-]/.test(value) && isKey(value, [16, 24, 32]), "must be 16, 24 or 32 bytes in base64")
  .refine((value) => !isGuessable(value), GUESSABLE);

const UNREADABLE_DATABASE =
  "cannot be read: in user and password, write special characters in percent form (# as %23, @ as %40, / as %2F, ? as %3F, % as %25, a blank as %20)";

/** A Postgres URL, or with `orFile` a SQLite file, whose path may contain anything. */
export function database(orFile: boolean) {
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

export const onOrOff = z.enum(["0", "1"], "must be 1 (on) or 0 (off)");

/** The sandbox's payment tokens: one of them, or both in either order. */
export const sandboxTokens = text
  .transform((value): SandboxToken[] => {
    const names = value.split(",").map((name) => name.trim().toLowerCase());
    const distinct = new Set(names).size === names.length;
    return distinct && names.every((name) => name === "usdc" || name === "usdt") ? names : [];
  })
  .refine((tokens) => tokens.length > 0, "must be USDC,USDT or USDT,USDC or one of the two");

export const hostNames = text
  .transform((value) => value.split(",").map((name) => name.trim().toLowerCase()))
  .refine(
    (names) => names.every((name) => /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)),
    "must be a host name without scheme and port, or several separated by commas",
  );

/** A name or an address of this machine. */
export const listeningHost = text
  .regex(/^[\w.:-]+$/, "must be a host name or an IP address of this machine")
  .toLowerCase();

export function isPublicUrl(value: string): boolean {
  return URL.canParse(value) && new URL(value).protocol === "https:" && !hasUserInfo(value);
}

/** RFC 9116 section 2.5.3. */
export const securityContact = urlText.refine(
  (value) => isPublicUrl(value) || /^mailto:[^\s@]+@[^\s@]+$/.test(value) || /^tel:\+?[\d-]+$/.test(value),
  "must be an https, mailto or tel URL",
);
