import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";
import { environmentSchema } from "@/lib/env-schema";
import { registeredProviders } from "@/lib/providers/index";

const readme = readFileSync("README.md", "utf8");
const example = readFileSync(".env.example", "utf8");

/** What looks like a path of this project, in code spans, links, pictures and the diagram. */
function namedPaths(text: string): string[] {
  const folders = "app|lib|hooks|components|tests|public|sandbox|scripts|docs";
  const paths = text.match(new RegExp(`(?<![\\w/.])(?:${folders})/[\\w./@[\\]-]*`, "g")) ?? [];
  return [...new Set(paths.map((path) => path.replace(/[.)]+$/, "")))];
}

test("every path that the README names exists", () => {
  const paths = namedPaths(readme);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(path))).toEqual([]);
});

test("every npm script that the README names exists", () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test(".env.example names every variable that the app reads, each under a comment of its own", () => {
  const set = new Set(["NODE_ENV", "VERCEL", "PORT"]);
  const ofProviders = registeredProviders.flatMap(({ variables }) => Object.keys(variables));
  const read = [...Object.keys(environmentSchema.shape), ...ofProviders].filter((name) => !set.has(name));
  const commented = [...example.matchAll(/(?:^|\n)# (?!---).+\n(\w+)=/g)].map(([, name = ""]) => name);
  expect(read.filter((name) => !commented.includes(name))).toEqual([]);
});

test("the README says of every dependency why it is there", () => {
  const { dependencies, devDependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()), devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync("package.json", "utf8")));
  const reasons = readme.slice(readme.indexOf("## Dependencies"));
  const isExplained = (name: string) =>
    reasons.includes(`\`${name}\``) || reasons.includes(`\`${name.split("/")[0]}/*\``);
  // Types belong to the package that they are the types of.
  const packages = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith("@types/"));
  expect(packages.filter((name) => !isExplained(name))).toEqual([]);
});

test("the README's provider is the one that the tests run", () => {
  const [, shown] = /### Adding a provider[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(shown).toBe(readFileSync("tests/support/example-provider.ts", "utf8"));
});
