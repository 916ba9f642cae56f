/**
 * The sale's brand: its name, its description for search engines and shared links, and its one accent colour. app/icon.svg repeats the
 * colour, because browsers load it as a separate file. `accent` must keep a contrast of 4.5:1 against the surfaces of globals.css, and
 * `onAccent` 4.5:1 against `accent`.
 */
export const brand = {
  saleName: "Acme token sale",
  description: "Take part in the Acme token sale, on Sonar.",
  accent: { light: "#3450d2", dark: "#9db0ff" },
  onAccent: { light: "#ffffff", dark: "#0d1233" },
};

const css = `:root {
  --accent: light-dark(${brand.accent.light}, ${brand.accent.dark});
  --text-on-accent: light-dark(${brand.onAccent.light}, ${brand.onAccent.dark});
}`;

/** The brand's colours as the CSS variables that globals.css expects. It belongs in the document's head. */
export function BrandStyle() {
  return <style>{css}</style>;
}
