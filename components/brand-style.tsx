import { brand } from "@/components/brand";

const css = `:root {
  --accent: light-dark(${brand.accent.light}, ${brand.accent.dark});
  --text-on-accent: light-dark(${brand.onAccent.light}, ${brand.onAccent.dark});
}`;

/** The brand's colours as the CSS variables that globals.css expects. Belongs into the document's head. */
export function BrandStyle() {
  return <style>{css}</style>;
}
