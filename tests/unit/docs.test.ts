import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { checkEnv } from "@/lib/config/env";
import { environmentSchema } from "@/lib/config/env-schema";
import { ownSamples, ownSettings } from "@/lib/config/own-settings";
import { registeredProviders } from "@/lib/providers/index";
import {
  createdNames,
  linkedFiles,
  namedPaths,
  namedScripts,
  projectDocuments,
  withoutDeadMentions,
} from "@/scripts/document-mentions";

const documents = projectDocuments();

/** A document's text; empty if a fork has removed it. */
function textOf(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

/** Files and scripts that a recipe of any document creates. */
const created = documents.flatMap((document) => createdNames(textOf(document)));

const manifest = z
  .object({
    scripts: z.record(z.string(), z.string()),
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

// A fork may replace any of these with a line of its own: what is not there cannot be wrong.
describe.each(documents)("%s", (document) => {
  const text = readFileSync(document, "utf8");

  it("names only paths that exist, or that a recipe creates", () => {
    expect(namedPaths(text).filter((path) => !existsSync(path) && !created.includes(path))).toEqual([]);
  });

  it("links only to files that exist", () => {
    expect(linkedFiles(document, text).filter((path) => !existsSync(path))).toEqual([]);
  });

  it("names only npm scripts that exist, or that a recipe creates", () => {
    expect(namedScripts(text).filter((name) => !(name in manifest.scripts) && !created.includes(name))).toEqual([]);
  });
});

test("paths, links and scripts are found where there are any", () => {
  expect(namedPaths("see `lib/config/env.ts`, (app/[id]/page.tsx) and docs/a.md.")).toEqual([
    "lib/config/env.ts",
    "app/[id]/page.tsx",
    "docs/a.md",
  ]);
  expect(
    linkedFiles("docs/a.md", "[b](b.md) ![c](../public/c.png) [d](https://d.example) [e](#e) [f](b.md#g)"),
  ).toEqual(["docs/b.md", "public/c.png", "docs/b.md"]);
});

test("a removed file takes its rows, items, lines of code and sentences along, and nothing else", () => {
  const isDead = (text: string) => text.includes("gone");
  const text = [
    ...["# Title", "", "Stays. The gone one", "goes. Stays too.", "", "| a | b |", "| gone | b |", "| c | d |", ""],
    ...[
      "- stays",
      "  with this",
      "- goes",
      "  with gone",
      "",
      "```sh",
      "npm run gone",
      "npm test",
      "```",
      "",
      "All gone.",
      "",
    ],
  ].join("\n");
  expect(withoutDeadMentions(text, isDead)).toBe(
    [
      ...["# Title", "", "Stays. Stays too.", "", "| a | b |", "| c | d |", "", "- stays", "  with this", ""],
      ...["```sh", "npm test", "```", "", ""],
    ].join("\n"),
  );
});

test(".env.example names every variable that the app reads, each under a comment of its own", () => {
  const example = readFileSync(".env.example", "utf8");
  const set = new Set(["NODE_ENV", "NODE_OPTIONS", "DEBUG", "NODE_TLS_REJECT_UNAUTHORIZED", "VERCEL", "PORT"]);
  const ofProviders = registeredProviders.flatMap(({ variables }) => Object.keys(variables));
  const read = [...Object.keys(environmentSchema.shape), ...ofProviders].filter((name) => !set.has(name));
  const commented = [...example.matchAll(/(?:^|\n)# (?!---).+\n(\w+)=/g)].map(([, name = ""]) => name);
  expect(read.filter((name) => !commented.includes(name))).toEqual([]);
});

test("the deploy button asks for every variable that a deployment on Vercel needs, and for none that the app does not read", () => {
  const links = documents.flatMap(
    (document) => readFileSync(document, "utf8").match(/https:\/\/vercel\.com\/new\/clone\?[^\s)]+/g) ?? [],
  );
  const check = checkEnv({ ...ownSamples, NODE_ENV: "production", VERCEL: "1" });
  const needed = check.ok ? [] : check.problems.map(({ variable }) => variable);
  expect(needed).toContain("DATABASE_URL");
  // A fork may ask for more: its own variables, or those that its sale needs.
  const known = [environmentSchema, ownSettings].flatMap(({ shape }) => Object.keys(shape));
  for (const link of links) {
    const asked = new URL(link).searchParams.get("env")?.split(",") ?? [];
    expect(needed.filter((variable) => !asked.includes(variable))).toEqual([]);
    expect(asked.filter((variable) => !known.includes(variable))).toEqual([]);
  }
});

test("every package that the list of dependencies explains is installed", () => {
  const text = textOf("docs/architecture.md");
  const [, table = ""] = /## Dependencies\n([\s\S]*?)(?=\n## |$)/.exec(text) ?? [];
  const explained = table
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  const installed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const isInstalled = (name: string) =>
    name.endsWith("/*") ? installed.some((other) => other.startsWith(name.slice(0, -1))) : installed.includes(name);
  expect(explained.filter((name) => !isInstalled(name))).toEqual([]);
});

/** Code of the recipes that the tests run, by the beginning of its section. */
const TESTED_RECIPES = [
  {
    section: "## A provider",
    fence: "```ts file=lib/providers/example.ts",
    file: "tests/support/oauth/example-provider.ts",
  },
  {
    section: "## A setting",
    fence: "```ts file=lib/config/own-settings.ts",
    file: "tests/support/example-own-settings.ts",
  },
].filter(({ section, file }) => existsSync(file) && textOf("docs/recipes.md").includes(section));

test.each(TESTED_RECIPES)("the code under '$section' in the recipes is the code that the tests run", (recipe) => {
  const recipes = textOf("docs/recipes.md");
  const [, text = ""] = recipes.split(`${recipe.section}\n`);
  const [, code] = text.split(`${recipe.fence}\n`);
  expect(code?.split("```")[0]).toBe(readFileSync(recipe.file, "utf8"));
});
