import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";
import { deadMentions, projectDocuments, withoutDeadMentions } from "./document-mentions";
import { readImporters, removeUnused, runTool } from "./unused-code";

const START_FILE = "lib/start-sandbox.ts";

const START_FILE_WITHOUT_SANDBOX = `import "server-only";

const EXPLANATION =
  "This build has no sandbox: set SONAR_CLIENT_UUID and SONAR_SALE_UUID, which Echo's founder dashboard shows, and leave SANDBOX unset. " +
  ".env.example explains every variable.";

/** Runs where the app has no credentials. It ends the process in development too, where nothing would work either. */
export function startSandbox(..._settings: readonly unknown[]): Promise<never> {
  process.stderr.write(\`\${EXPLANATION}\\n\`);
  process.exit(1);
}
`;

const STRIP_FILE = "app/_home/strip.tsx";

const NO_STRIP = `/** Above every page; a build without a sandbox has nothing there. */
export function Strip(_props: Readonly<Record<string, unknown>>) {
  return null;
}
`;

const NO_PROVIDERS = `import "server-only";
import type { ProviderDefinition } from "@/lib/providers/definition";

/** The providers besides Sonar, in the order of their cards. */
export const providerDefinitions = [] as const;

/** The same without their types, for code that works with any of them, or none. */
export const registeredProviders: readonly ProviderDefinition[] = [...providerDefinitions];
`;

const NO_CONTENTS = `import type { ReactNode } from "react";

/** The text of a provider's card on \`/connections\`, and its content once connected. */
interface ProviderContent {
  about: string;
  content: ReactNode;
}

/** The content of the cards, by the provider's id. A registered provider without content here can still be connected. */
export const providerContents: ReadonlyMap<string, ProviderContent> = new Map();
`;

const NO_STAND_INS = `import type { StandIn } from "../standard/serve";

/** The stand-ins for the app's further providers, by the provider's id. */
export const standIns: Readonly<Record<string, StandIn>> = {};
`;

/** A part of the project that a fork may not need. */
interface Part {
  name: string;
  /** The npm script that removes it. */
  script: string;
  /** Its files and folders. The scripts and tests that import them go with them. */
  paths: readonly string[];
  /** Files of it that nothing imports. */
  ownFiles: readonly string[];
  /** Files that connect the app with it, and their text without it. */
  replaced: Readonly<Record<string, string>>;
  /** The variables of .env.example that go. The app still reads the sandbox's, to say that there is none. */
  variables?: RegExp;
  /** Its packages that no file imports: the node is started as a program, the compiler reads the contracts. */
  packages: readonly string[];
  /** Files that nothing uses without it, and that stay for what a fork adds in its place. */
  kept: readonly string[];
  /** Throws if it cannot be removed. */
  check?: () => void;
}

const DEMO_PROVIDERS = ["oncehub", "interact", "rakomi"];

const PARTS: Readonly<Record<string, Part>> = {
  sandbox: {
    name: "The sandbox is",
    script: "remove-sandbox",
    paths: ["sandbox"],
    ownFiles: [
      "docs/sandbox.md",
      "docs/screenshot-sandbox.png",
      "app/sandbox",
      "tests/foreign",
      "tests/component/demo-strip.test.tsx",
      "tests/integration/remove-sandbox.test.ts",
      "tests/support/bench",
      "tests/unit/bench-figures.test.ts",
    ],
    replaced: { [START_FILE]: START_FILE_WITHOUT_SANDBOX, [STRIP_FILE]: NO_STRIP },
    packages: ["@foundry-rs/anvil", "@openzeppelin/contracts"],
    kept: [],
  },
  providers: {
    name: "The demo providers are",
    script: "remove-providers",
    paths: DEMO_PROVIDERS.flatMap((id) => [
      `lib/providers/${id}.ts`,
      `components/connections/${id}.tsx`,
      `sandbox/providers/${id}.ts`,
    ]),
    ownFiles: [],
    replaced: {
      "lib/providers/index.ts": NO_PROVIDERS,
      "components/connections/contents.tsx": NO_CONTENTS,
      "sandbox/providers/stand-ins.ts": NO_STAND_INS,
    },
    variables: /^(ONCEHUB|INTERACT|RAKOMI)_/,
    packages: [],
    kept: ["hooks/use-provider-query.ts", "components/connections/provider-read.tsx"],
    check: requireOnlyDemoProviders,
  },
};

interface Package {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}

interface KnipConfig {
  entry: string[];
  ignoreDependencies: string[];
}

function isWithin(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** The files that do not work without a part, its own among them. Throws if the app itself needs one of them. */
function dependentFiles({ paths, replaced }: Part): readonly string[] {
  const importers = readImporters();
  const found = new Set([...importers.keys()].filter((path) => isWithin(path, paths)));
  for (const path of found) {
    for (const importer of importers.get(path) ?? []) if (!(importer in replaced)) found.add(importer);
  }
  const ofTheApp = [...found].filter((path) => !isWithin(path, [...paths, "scripts", "tests"]));
  if (ofTheApp.length > 0) throw new Error(`Nothing was removed. The app needs this part in: ${ofTheApp.join(", ")}`);
  return [...found];
}

/** Throws if a fork has providers of its own: the lists, which this script replaces, would lose them. */
function requireOnlyDemoProviders(): void {
  const { importedFiles } = ts.preProcessFile(readFileSync("lib/providers/index.ts", "utf8"), true, true);
  const own = importedFiles
    .map(({ fileName }) => basename(fileName))
    .filter((name) => ![...DEMO_PROVIDERS, "definition", "server-only"].includes(name));
  if (own.length > 0)
    throw new Error(`Nothing was removed, to keep ${own.join(", ")}: see "Dropping providers" in docs/recipes.md.`);
}

function removeEmptyFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyFolders(join(folder, entry.name));
  }
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}

function editJson<T>(file: string, edit: (content: T) => T): void {
  const content = JSON.parse(readFileSync(file, "utf8")) as T;
  writeFileSync(file, `${JSON.stringify(edit(content), null, 2)}\n`);
}

/** Drops the scripts whose file is gone, and those that run a kind of test of which none is left. */
function withoutDeadScripts(content: Package, { packages, script }: Part): Package {
  const lives = ([name, command]: [string, string]) => {
    const files = command.match(/\bscripts\/[\w-]+\.\w+/g) ?? [];
    const tests = /^test:(.+)$/.exec(name)?.[1];
    // The part can be removed only once.
    if (name === script) return false;
    return files.every((file) => existsSync(file)) && (tests === undefined || hasTests(`tests/${tests}`));
  };
  const scripts = Object.fromEntries(Object.entries(content.scripts).filter(lives));
  const allowed = Object.entries(content.allowScripts).filter(([name]) => !packages.includes(name));
  return { ...content, scripts, allowScripts: Object.fromEntries(allowed) };
}

function hasTests(folder: string): boolean {
  if (!existsSync(folder)) return false;
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).some((path) => /\.test\.tsx?$/.test(path));
}

function withoutDeadEntries(content: KnipConfig, { packages, kept }: Part): KnipConfig {
  const entry = [...content.entry, ...kept].filter((path) => path.includes("*") || existsSync(path));
  const ignoreDependencies = content.ignoreDependencies.filter((name) => !packages.includes(name));
  return { ...content, entry, ignoreDependencies };
}

/** Removes a variable of .env.example with the comment lines above it. */
function withoutVariables(text: string, names: RegExp): string {
  const blocks = text.match(/(?:#.*\n)*(?:\w+=.*\n?|\n)|(?:#.*\n?)+/g) ?? [];
  return blocks.filter((block) => !names.test(/^(\w+)=/m.exec(block)?.[1] ?? "#")).join("");
}

function packageNames(): ReadonlySet<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Package;
  return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}

/** Removes what the documents say about files and scripts that are gone: the test of the documents would name each. */
function mendDocuments(removedPackages: ReadonlySet<string>): readonly string[] {
  const isDead = deadMentions(removedPackages);
  return projectDocuments().filter((document) => {
    const text = readFileSync(document, "utf8");
    const living = withoutDeadMentions(text, (part) => isDead(part, document));
    if (living !== text) writeFileSync(document, living);
    return living !== text;
  });
}

/** Turns a project with a part into one without. The rest behaves the same. */
function removePart(part: Part): void {
  part.check?.();
  const packages = packageNames();
  for (const path of [...dependentFiles(part), ...part.ownFiles, ...part.paths])
    rmSync(path, { recursive: true, force: true });
  const replaced = Object.entries(part.replaced).filter(([file]) => existsSync(file));
  for (const [file, text] of replaced) writeFileSync(file, text);
  editJson<Package>("package.json", (content) => withoutDeadScripts(content, part));
  editJson<KnipConfig>("knip.json", (content) => withoutDeadEntries(content, part));
  if (part.variables)
    writeFileSync(".env.example", withoutVariables(readFileSync(".env.example", "utf8"), part.variables));
  const changed = removeUnused();
  removeEmptyFolders("tests");
  const written = ["package.json", "knip.json", ...replaced.map(([file]) => file), ...changed];
  const removed = new Set([...packages].filter((name) => !packageNames().has(name)));
  written.push(...mendDocuments(removed));
  runTool("prettier", "--write", "--log-level=warn", ...written.filter((file) => existsSync(file)));
  console.log(`${part.name} removed. Run \`npm install\`, and read what \`git diff\` shows of the documents.`);
}

const part = PARTS[process.argv[2] ?? ""];
if (!part) throw new Error(`Name what to remove: ${Object.keys(PARTS).join(" or ")}.`);
removePart(part);
