import ts from "typescript";
import type { SourceFile, SourceImport } from "@/tests/support/source-file";

/** A rule about sources: the offences it finds, each beginning with the path of the file. */
export type SourceRule = (files: readonly SourceFile[]) => string[];

const SONAR_CORE = "@echoxyz/sonar-core";
const SONAR_REACT = "@echoxyz/sonar-react";

/** Packages that pure modules of lib may use. Of viem the helpers only: its accounts hold keys, its clients have RPC URLs with keys. */
const PURE_PACKAGES = new Set([SONAR_CORE, "viem/utils"]);

/** All that sonar-core exports as plain values. Its client, storage and PKCE helpers belong to the server. */
const SONAR_ENUMS = new Set([
  "EntitySetupState",
  "EntityType",
  "InvestingRegion",
  "PrePurchaseFailureReason",
  "PurchasePermitType",
  "SaleEligibility",
]);

/** What of sonar-react keeps tokens in the browser. */
const BROWSER_TOKEN_API = new Set(["useSonarAuth", "useSonarClient", "SonarProvider"]);

const LINE_LIMIT = 250;

function isIn(folder: string, ...more: string[]): (file: SourceFile) => boolean {
  return ({ path }) => [folder, ...more].some((name) => path.startsWith(`${name}/`));
}

const isProductCode = isIn("app", "components", "hooks", "lib");

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
    target === undefined ? !PURE_PACKAGES.has(from) : serverOnly.has(target),
  );
  return reason && `imports ${reason.from}`;
}

/**
 * A module of lib that can reach a secret must be unable to get into the browser's bundle. It can if it reads the environment, or
 * imports, at run time, a package or a module that is server-only itself; what is left is pure.
 */
export const secretsStayOnTheServer: SourceRule = (files) => {
  const lib = files.filter(isIn("lib"));
  const serverOnly = new Set(lib.filter(isServerOnly).map(({ path }) => path));
  return lib
    .filter((file) => !isServerOnly(file))
    .flatMap((file) => {
      const reason = serverReason(file, serverOnly);
      return reason === undefined ? [] : [`${file.path} ${reason} and is not server-only`];
    });
};

function hasUseServer({ text }: SourceFile): boolean {
  return /^\s*["']use server["']/m.test(text);
}

/** Every export of a "use server" file is an endpoint that anybody can call, so there is one place to look for them. */
export const actionsLiveInOneFolder: SourceRule = (files) =>
  files
    .filter((file) => hasUseServer(file) && !isIn("app/actions")(file))
    .map(({ path }) => `${path} has "use server"`);

function modifiersOf(statement: ts.Statement): Set<ts.SyntaxKind> {
  const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
  return new Set(modifiers?.map(({ kind }) => kind));
}

function makesActions(statement: ts.Statement): boolean {
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.every(
    ({ initializer }) =>
      initializer !== undefined &&
      ts.isCallExpression(initializer) &&
      initializer.expression.getText() === "createSonarServerAction",
  );
}

function isAllowedInActionFile(statement: ts.Statement): boolean {
  if (ts.isExportDeclaration(statement) || ts.isExportAssignment(statement)) return false;
  const modifiers = modifiersOf(statement);
  if (!modifiers.has(ts.SyntaxKind.ExportKeyword)) return true;
  if (ts.isFunctionDeclaration(statement)) return modifiers.has(ts.SyntaxKind.AsyncKeyword);
  return makesActions(statement);
}

/** What an action file exports beside actions would become an endpoint without its checks, or break the build in production only. */
export const actionFilesExportActions: SourceRule = (files) =>
  files
    .filter(isIn("app/actions"))
    .flatMap((file) => [
      ...(/^["']use server["']/.test(file.text) ? [] : [`${file.path} does not begin with "use server"`]),
      ...file.statements
        .filter((statement) => !isAllowedInActionFile(statement))
        .map((statement) => `${file.path} exports what is no action: ${statement.getText().slice(0, 60)}`),
    ]);

/** sonar-react keeps tokens in the browser; its types are welcome, its values are not. */
export const sonarReactIsTypesOnly: SourceRule = (files) =>
  files.filter(isProductCode).flatMap(({ path, imports }) =>
    imports
      .filter(({ from }) => from.startsWith(SONAR_REACT))
      .filter(({ typeOnly, names }) => !typeOnly || names.some((name) => BROWSER_TOKEN_API.has(name)))
      .map(({ names }) => `${path} imports ${names.join(", ")} of sonar-react`),
  );

/** Client code gets sonar-core's enums; its client would talk to Echo from the browser. */
export const clientsUseEnumsOnly: SourceRule = (files) =>
  files
    .filter((file) => isProductCode(file) && !isServerOnly(file))
    .flatMap((file) =>
      runtimeImports(file)
        .filter(({ from }) => from.startsWith(SONAR_CORE))
        .flatMap(({ names }) => names.filter((name) => !SONAR_ENUMS.has(name)))
        .map((name) => `${file.path} imports ${name} of sonar-core`),
    );

/** A file that only passes on what others export hides where things are, and drags all of it into every bundle. */
export const noBarrels: SourceRule = (files) =>
  files
    .filter(({ statements }) => {
      const own = statements.filter((statement) => !ts.isImportDeclaration(statement));
      return own.length > 0 && own.every((statement) => ts.isExportDeclaration(statement));
    })
    .map(({ path }) => `${path} only re-exports`);

/** Such a variable is fixed at build time: one build could not serve every environment. */
export const noBuildTimeSettings: SourceRule = (files) =>
  files
    .filter((file) => !isIn("tests")(file) && file.text.includes("NEXT_PUBLIC_"))
    .map(({ path }) => `${path} mentions NEXT_PUBLIC_`);

/** ABIs and fixtures are data. */
export const filesAreShort: SourceRule = (files) =>
  files
    .filter(({ path }) => !/(^|[/-])(abi|fixtures?)([/.-]|$)/.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length }))
    .filter(({ lines }) => lines > LINE_LIMIT)
    .map(({ path, lines }) => `${path} has ${lines} lines`);

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
