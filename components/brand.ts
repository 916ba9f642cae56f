/**
 * The brand of the sale. A fork changes its name and its one accent colour here and nowhere else.
 * `accent` must keep 4.5:1 against the surfaces of globals.css, and `onAccent` 4.5:1 against `accent`.
 */
export const brand = {
  saleName: "Acme token sale",
  accent: { light: "#3450d2", dark: "#9db0ff" },
  onAccent: { light: "#ffffff", dark: "#0d1233" },
};
