import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";

/**
 * Counts what docs/architecture.md says of the size of this project: `npm run figures`. Product code is what a fork ships and reads;
 * ABIs, compiled contracts and migrations are data.
 */
const PRODUCT = ["app", "components", "hooks", "lib", "sandbox", "scripts"];
const DATA = /(^|[/-])abi\.ts$|\/artifacts\/|\/migrations\//;

interface Source {
  path: string;
  lines: number;
  imports: readonly string[];
}

const paths = PRODUCT.filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)))
  .filter((path) => /\.(ts|tsx|mjs)$/.test(path) && !DATA.test(path));

function resolveImport(from: string, specifier: string): string | undefined {
  if (!/^(@\/|\.)/.test(specifier)) return undefined;
  const base = specifier.startsWith("@/") ? specifier.slice(2) : normalize(join(dirname(from), specifier));
  return [base, ...[".ts", ".tsx", ".mjs", "/index.ts"].map((ending) => base + ending)].find((path) => known.has(path));
}

const known = new Set(paths);

function read(path: string): Source {
  const text = readFileSync(path, "utf8");
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const imports = importedFiles.flatMap(({ fileName }) => resolveImport(path, fileName) ?? []);
  return { path, lines: text.trimEnd().split("\n").length, imports: [...new Set(imports)] };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const sources = paths.map(read);
const importers = new Map<string, number>();
for (const target of sources.flatMap(({ imports }) => imports)) importers.set(target, (importers.get(target) ?? 0) + 1);
const lines = sources.map((source) => source.lines);
const single = sources.filter(({ path }) => importers.get(path) === 1);
const short = sources.filter((source) => source.lines <= 25);
const verbose = process.argv.includes("--list");

const figures: readonly (readonly [string, number])[] = [
  ["product files", sources.length],
  ["lines", lines.reduce((sum, count) => sum + count, 0)],
  ["median lines", median(lines)],
  ["longest file", Math.max(...lines)],
  ["files of 25 lines or fewer", short.length],
  ["files with a single importer", single.length],
];
for (const [name, value] of figures) console.log(`${name.padEnd(32)} ${value}`);
for (const folder of PRODUCT) {
  const own = sources.filter(({ path }) => path.startsWith(`${folder}/`));
  console.log(`  ${folder.padEnd(30)} ${own.length} files, median ${median(own.map((source) => source.lines))}`);
}
if (verbose) {
  console.log("\nsingle importer:", ...single.map(({ path }) => `\n  ${path}`));
  console.log("\n25 lines or fewer:", ...short.map(({ path }) => `\n  ${path}`));
}
