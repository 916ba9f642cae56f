import type { Address } from "viem";

const DAY_SECONDS = 24 * 60 * 60;
const YEAR_SECONDS = 365 * DAY_SECONDS;

/**
 * The name under which a cookie is kept. "__Host-": no subdomain can set it, and none but this host can read it (ASVS 3.3.1, 3.3.3). Browsers
 * accept the prefix only with Secure, so not on http://localhost.
 */
export function hostCookieName(name: string, secure: boolean): string {
  return secure ? `__Host-${name}` : name;
}

/** The name of the session's cookie. */
export function sessionCookieName(secure: boolean): string {
  return hostCookieName("session", secure);
}

/** The name of the cookie that holds what a browser has begun at an identity provider. */
export function loginCookieName(secure: boolean): string {
  return hostCookieName("login", secure);
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

/** A cookie that a script of the page writes. Its name is without prefix. */
export interface BrowserCookie {
  name: string;
  value: string;
  /** 0 deletes it. */
  maxAgeSeconds: number;
}

/** The text that sets a cookie. `secure`: the page came over https. */
export function cookieText({ name, value, maxAgeSeconds }: BrowserCookie, secure: boolean): string {
  const text = `${hostCookieName(name, secure)}=${value}; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax`;
  return secure ? `${text}; Secure` : text;
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
export function walletCookie(address: Address | undefined): BrowserCookie {
  return { name: WALLET_COOKIE, value: address ?? "", maxAgeSeconds: address ? 30 * DAY_SECONDS : 0 };
}

/** Remembers the chosen entity for a year. */
export function entityCookie(entityId: string): BrowserCookie {
  return { name: ENTITY_COOKIE, value: encodeURIComponent(entityId), maxAgeSeconds: YEAR_SECONDS };
}

/** True for a page that came over https: its cookies are then kept from http. For code in the browser. */
export function isSecurePage(): boolean {
  return location.protocol === "https:";
}

/** Writes a cookie of this page's scripts. A browser may refuse it (settings, sandboxed frames): the choice then lasts as long as the page. */
export function writeCookie(cookie: BrowserCookie): void {
  try {
    document.cookie = cookieText(cookie, isSecurePage());
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
export function themeCookie(theme: Theme): BrowserCookie {
  return { name: THEME_COOKIE, value: theme, maxAgeSeconds: YEAR_SECONDS };
}
