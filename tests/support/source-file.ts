import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

/** One import of a source file, also `export ... from` and `import("...")`. */
export interface SourceImport {
  /** As written. */
  from: string;
  /** The imported file of this project; absent for a package. */
  file?: string;
  /** Nothing of it is left at run time. */
  typeOnly: boolean;
  /** Imported names, without types unless it is `typeOnly`; "*" for all or for none in particular. */
  names: readonly string[];
}

/** A source file of this project as the rules about sources see it. */
export interface SourceFile {
  /** From the project's folder, with forward slashes. */
  path: string;
  text: string;
  statements: readonly ts.Statement[];
  imports: readonly SourceImport[];
}

const FOLDERS = ["app", "components", "hooks", "lib", "sandbox", "scripts", "tests"];
const SOURCE = /\.(ts|tsx|mjs)$/;

/** Where an import leads, of all files there are; undefined for a package. */
function resolveImport(from: string, importer: string, paths: ReadonlySet<string>): string | undefined {
  if (!/^(@\/|\.)/.test(from)) return undefined;
  const base = from.startsWith("@/") ? from.slice(2) : posix.join(posix.dirname(importer), from);
  return ["", ".ts", ".tsx", ".mjs", "/index.ts"].map((ending) => base + ending).find((path) => paths.has(path));
}

function namesOf(clause: ts.ImportClause | undefined): { names: string[]; typeOnly: boolean } {
  if (!clause) return { names: ["*"], typeOnly: false };
  const bindings = clause.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const all = clause.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings));
  const values = elements.filter((element) => !element.isTypeOnly);
  const typeOnly = clause.phaseModifier === ts.SyntaxKind.TypeKeyword || (!all && values.length === 0);
  const names = (typeOnly ? elements : values).map((element) => (element.propertyName ?? element.name).text);
  return { names: all ? ["*", ...names] : names, typeOnly };
}

type RawImport = Omit<SourceImport, "file">;

function importOf(node: ts.Node): RawImport | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, ...namesOf(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { from: node.moduleSpecifier.text, names: ["*"], typeOnly: node.isTypeOnly };
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const [argument] = node.arguments;
  return argument && ts.isStringLiteral(argument) ? { from: argument.text, names: ["*"], typeOnly: false } : undefined;
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
    return { path, text, statements: [...parsed.statements], imports };
  });
}

/** All sources of this project. */
export function readProjectSources(): SourceFile[] {
  const below = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => posix.join(folder, name)),
  );
  const paths = [...readdirSync("."), ...below].filter((path) => SOURCE.test(path) && !path.endsWith(".d.ts"));
  return parseSources(Object.fromEntries(paths.map((path) => [path, readFileSync(path, "utf8")])));
}
