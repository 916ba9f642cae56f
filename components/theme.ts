/** The user's choice of colours. */
export type Theme = "system" | "light" | "dark";

/** The cookie that holds the choice. The layout reads it on the server, so the first paint already has the right colours. */
export const THEME_COOKIE = "theme";

/** The choice in a cookie's value; anything else, or nothing, follows the system. */
export function parseTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}
