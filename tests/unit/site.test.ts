import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { site, type Site } from "@/lib/config/site";
import { siteProblems } from "@/lib/config/site-rules";

function problemsWith(changes: Partial<Site>): string[] {
  return siteProblems({ ...site, ...changes }).map(({ variable }) => variable);
}

/** The relative luminance of a colour like #3450d2 (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const styles = readFileSync("app/globals.css", "utf8");

/** The variables of globals.css that text of the accent colour is on. */
const SURFACES = ["surface", "surface-raised"];

/** The two colours of a variable; none if a fork has written them in another form, whose contrast it has to check itself. */
function coloursOf(name: string): { light: string; dark: string }[] {
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(styles) ?? [];
  return light && dark ? [{ light, dark }] : [];
}

const surfaces = SURFACES.flatMap(coloursOf);

describe("this site", () => {
  it("has texts, links, colours and origins that its pages can use", () => {
    expect(siteProblems(site)).toEqual([]);
  });

  it.each(["light", "dark"] as const)("has an accent under which text can be read, when it is %s", (look) => {
    expect(contrast(site.onAccent[look], site.accent[look])).toBeGreaterThanOrEqual(4.5);
  });

  it("has the variables of the surfaces, whatever their colours", () => {
    expect(SURFACES.filter((name) => !styles.includes(`--${name}:`))).toEqual([]);
  });

  it.skipIf(surfaces.length < SURFACES.length).each(["light", "dark"] as const)(
    "has an accent that can be read as text on every surface, when it is %s",
    (look) => {
      const contrasts = surfaces.map((colours) => contrast(site.accent[look], colours[look]));
      expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(4.5);
    },
  );
});

describe("start-up refuses", () => {
  const sources = { connect: [], image: [], frame: [] };

  it.each([
    "https://stats.example.com/script.js",
    "https://stats.example.com; script-src *",
    "https://stats.example.com https://evil.example",
    "http://stats.example.com",
    "stats.example.com",
    "https://user@stats.example.com",
    "'unsafe-inline'",
    "*",
    "",
  ])("%j among the origins, which could change another part of the policy", (source) => {
    expect(problemsWith({ contentSources: { ...sources, connect: [source] } })).toEqual([
      "site.contentSources.connect.0",
    ]);
    expect(problemsWith({ contentSources: { ...sources, image: [source] } })).toEqual(["site.contentSources.image.0"]);
    expect(problemsWith({ contentSources: { ...sources, frame: [source] } })).toEqual(["site.contentSources.frame.0"]);
  });

  it("no origin of https, and for requests of wss", () => {
    const connect = ["https://stats.example.com", "https://*.errors.example.com", "wss://live.example.com:8443"];
    expect(problemsWith({ contentSources: { ...sources, connect } })).toEqual([]);
    expect(problemsWith({ contentSources: { ...sources, image: ["wss://live.example.com"] } })).toHaveLength(1);
  });

  it.each(["javascript:alert(1)", "//evil.example", "/\\evil.example", "http://example.com", "terms"])(
    "a link to %s",
    (href) => {
      expect(problemsWith({ legal: [{ label: "Terms", href }] })).toEqual(["site.legal.0.href"]);
    },
  );

  it("colours, languages and versions that nothing could be made of", () => {
    const bad = { accent: { light: "blue", dark: "#9db0ff" }, locale: "Deutsch!", name: " " };
    expect(problemsWith(bad).sort()).toEqual(["site.accent.light", "site.locale", "site.name"]);
    const consent = { by: "press", version: "x".repeat(65), statement: "I accept the", documents: [] } as const;
    expect(problemsWith({ consent })).toEqual(["site.consent.version"]);
  });

  it.each(["1,000", "0", "-5", "1e6", ".5", "1.", "0.0000000000000000001", "", "ten"])(
    "%j as an amount of the sale: it would be read as another one, or as none",
    (text) => {
      expect(problemsWith({ sale: { ...site.sale, price: text } })).toEqual(["site.sale.price"]);
      expect(problemsWith({ sale: { ...site.sale, supply: text } })).toEqual(["site.sale.supply"]);
    },
  );
});
