/** The cookie that holds the address connected last; the browser's own code writes it. */
export const WALLET_COOKIE = "wallet";

/** The cookie that holds the id of the entity that the user has chosen, so that the server renders for it at once. */
export const ENTITY_COOKIE = "entity";

/** The cookies beside the session's that tell something of the person: whoever uses the browser next must not see it. The theme is not one. */
export const PERSONAL_COOKIES = [WALLET_COOKIE, ENTITY_COOKIE] as const;

/**
 * The name of the session's cookie. "__Host-": no subdomain can set or read it. Browsers accept the prefix only with Secure, so not on
 * http://localhost.
 */
export function sessionCookieName(secure: boolean): string {
  return secure ? "__Host-session" : "session";
}
