import { site } from "@/lib/config/site";

const css = `:root {
  --accent: light-dark(${site.accent.light}, ${site.accent.dark});
  --text-on-accent: light-dark(${site.onAccent.light}, ${site.onAccent.dark});
}`;

/** The site's colours as the CSS variables that globals.css expects. It belongs in the document's head. */
export function BrandStyle() {
  return <style>{css}</style>;
}
