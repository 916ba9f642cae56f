import type { Address } from "viem";

const DAY_SECONDS = 24 * 60 * 60;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * The name of the session's cookie. "__Host-": no subdomain can set or read it. Browsers accept the prefix only with Secure, so not on
 * http://localhost.
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-session" : "session";
}

/** The name of the cookie that holds what a browser has begun at an identity provider. */
export function loginCookieName(secure: boolean): string {
  return secure ? "__Host-login" : "login";
}

/** The address that was connected last. */
export const WALLET_COOKIE = "wallet";

/**
 * Set by a scenario of the sandbox: the page connects the sandbox's wallet without being asked, once, on the sale's network or another one.
 */
export const SANDBOX_WALLET_COOKIE = "sandbox-wallet";

/** The id of the entity that the user has chosen, so that the server renders for it at once. */
export const ENTITY_COOKIE = "entity";

/** The user's choice of colours. The layout reads it on the server, so that the first paint has the right colours. */
export const THEME_COOKIE = "theme";

/** The cookies, besides the session's, with facts about a person that the browser's next user must not see. The theme is not one. */
export const PERSONAL_COOKIES = [WALLET_COOKIE, ENTITY_COOKIE] as const;

/** A value for `document.cookie`: these three cookies are written in the browser. */
function browserCookie(name: string, value: string, maxAgeSeconds: number): string {
  return `${name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax`;
}

function isAddressText(value: string): value is Address {
  return /^0x[0-9a-fA-F]{40}$/.test(value);
}

/** The address in a cookie's value; undefined for anything else, since anybody can write into their own cookies. */
export function parseWalletCookie(value: string | undefined): Address | undefined {
  return value !== undefined && isAddressText(value) ? value : undefined;
}

/**
 * Remembers an address for 30 days or, without one, forgets it. The server draws the page with it, and the page loads the code for wallets
 * at once. It grants nothing to whoever has it: addresses are public.
 */
export function walletCookie(address: Address | undefined): string {
  return browserCookie(WALLET_COOKIE, address ?? "", address ? 30 * DAY_SECONDS : 0);
}

/** Remembers the chosen entity for a year. */
export function entityCookie(entityId: string): string {
  return browserCookie(ENTITY_COOKIE, encodeURIComponent(entityId), YEAR_SECONDS);
}

/** Writes a cookie of this page's scripts. A browser may refuse it (settings, sandboxed frames): the choice then lasts as long as the page. */
export function writeCookie(cookie: string): void {
  try {
    document.cookie = cookie;
  } catch {
    return;
  }
}

/** A choice of colours. */
export type Theme = "system" | "light" | "dark";

/** The choice in a cookie's value; anything else, or nothing, follows the system. */
export function parseTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}

/** Remembers the choice of colours for a year. */
export function themeCookie(theme: Theme): string {
  return browserCookie(THEME_COOKIE, theme, YEAR_SECONDS);
}
