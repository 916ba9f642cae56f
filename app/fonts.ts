import localFont from "next/font/local";

/** Text. Both fonts are files of the npm package `geist`: neither the build nor a browser asks an outside host. */
export const sans = localFont({
  src: "../node_modules/geist/dist/fonts/geist-sans/Geist-Variable.woff2",
  variable: "--font-geist-sans",
  weight: "100 900",
});

/**
 * Addresses and codes. Not preloaded: many pages have none on the first screen, and its fallback is monospaced too, and as wide but for a
 * pixel or two.
 */
export const mono = localFont({
  src: "../node_modules/geist/dist/fonts/geist-mono/GeistMono-Variable.woff2",
  variable: "--font-geist-mono",
  weight: "100 900",
  preload: false,
  adjustFontFallback: false,
  fallback: ["ui-monospace", "monospace"],
});
