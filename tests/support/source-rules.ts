import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/** One import of a source file, including `export ... from` and `import("...")`. */
export interface SourceImport {
  /** The module's name as written. */
  from: string;
  /** The imported file of this project; absent for a package. */
  file?: string;
  /** It does not exist at run time. */
  typeOnly: boolean;
}

/** A source file of this project, for the rules about sources. */
export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  path: string;
  text: string;
  imports: readonly SourceImport[];
}

const FOLDERS = ["app", "components", "hooks", "lib", "sandbox", "scripts", "tests"];
const SOURCE = /\.(ts|tsx|mjs)$/;

/** Finds the imported file among all files; undefined for a package. */
function resolveImport(from: string, importer: string, paths: ReadonlySet<string>): string | undefined {
  if (!/^(@\/|\.)/.test(from)) return undefined;
  const base = from.startsWith("@/") ? from.slice(2) : posix.join(posix.dirname(importer), from);
  return ["", ".ts", ".tsx", ".mjs", "/index.ts"].map((ending) => base + ending).find((path) => paths.has(path));
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

type RawImport = Omit<SourceImport, "file">;

function importOf(node: ts.Node): RawImport | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, typeOnly: isTypeOnly(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const [argument] = node.arguments;
  return argument && ts.isStringLiteral(argument) ? { from: argument.text, typeOnly: false } : undefined;
}

function importsUnder(node: ts.Node): RawImport[] {
  const own = importOf(node);
  const children: RawImport[] = [];
  ts.forEachChild(node, (child) => void children.push(...importsUnder(child)));
  return own ? [own, ...children] : children;
}

/** Parses sources given as path -> text; imports are resolved among them. */
export function parseSources(texts: Readonly<Record<string, string>>): SourceFile[] {
  const paths = new Set(Object.keys(texts));
  return Object.entries(texts).map(([path, text]) => {
    const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    const imports = importsUnder(parsed).map((raw) => {
      const file = resolveImport(raw.from, path, paths);
      return { ...raw, ...(file !== undefined && { file }) };
    });
    return { path, text, imports };
  });
}

/** All sources of this project. */
export function readProjectSources(): SourceFile[] {
  const below = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => posix.join(folder, name)),
  );
  const paths = [...readdirSync("."), ...below].filter((path) => SOURCE.test(path) && !path.endsWith(".d.ts"));
  return parseSources(Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")])));
}

/** A rule about sources: the offences it finds, each beginning with the path of the file. */
export type SourceRule = (files: readonly SourceFile[]) => string[];

/** Packages that pure modules of lib may use. Of viem the helpers only: its accounts hold keys, its clients have RPC URLs with keys. */
const PURE_PACKAGES = new Set(["@echoxyz/sonar-core", "next/navigation", "viem/utils"]);

/** The browser's part of lib, which has no secrets: its chain clients use the wallet or public endpoints. */
const BROWSER_FOLDER = "lib/wallet/";
const BROWSER_PACKAGES = new Set([...PURE_PACKAGES, "viem", "wagmi", "wagmi/actions", "@walletconnect/sign-client"]);

/** The test wallet of a public demo: its keys are made in the visitor's browser, and no server knows them. */
const VISITORS_OWN_KEYS = "lib/wallet/connect/demo-wallet.ts";

/** Of wagmi's connectors any: a fork adds those that it wants. */
function mayUse(path: string, name: string): boolean {
  if (!path.startsWith(BROWSER_FOLDER)) return PURE_PACKAGES.has(name);
  if (path === VISITORS_OWN_KEYS && name === "viem/accounts") return true;
  return BROWSER_PACKAGES.has(name) || name.startsWith("wagmi/connectors/");
}

function isServerOnly({ imports }: SourceFile): boolean {
  return imports.some(({ from }) => from === "server-only");
}

/** The imports that still exist at run time. */
function runtimeImports({ imports }: SourceFile): SourceImport[] {
  return imports.filter(({ typeOnly }) => !typeOnly);
}

function serverReason(file: SourceFile, serverOnly: ReadonlySet<string>): string | undefined {
  if (/\bprocess\.env\b/.test(file.text)) return "reads the environment";
  const reason = runtimeImports(file).find(({ from, file: target }) =>
    target === undefined ? !mayUse(file.path, from) : serverOnly.has(target),
  );
  return reason && `imports ${reason.from}`;
}

/**
 * A module of lib that can reach a secret must be unable to get into the browser's bundle. It can if it reads the environment, or
 * imports, at run time, a package or a module that is server-only itself; what is left is pure.
 */
export const secretsStayOnTheServer: SourceRule = (files) => {
  const lib = files.filter(({ path }) => path.startsWith("lib/"));
  const serverOnly = new Set(lib.filter(isServerOnly).map(({ path }) => path));
  return lib
    .filter((file) => !isServerOnly(file))
    .flatMap((file) => {
      const reason = serverReason(file, serverOnly);
      return reason === undefined ? [] : [`${file.path} ${reason} and is not server-only`];
    });
};

/** Also circles of types: two files that need each other are one thing in two places. */
export const noImportCircles: SourceRule = (files) => {
  const targets = new Map(files.map(({ path, imports }) => [path, imports.flatMap(({ file }) => file ?? [])]));
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]) => {
    const start = trail.indexOf(path);
    if (start >= 0) circles.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || done.has(path)) return;
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return circles;
};
