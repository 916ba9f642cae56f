import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import ts from "typescript";

/** Each removal may leave something else unused. */
const MOST_ROUNDS = 10;

const UNUSED_FIXES = ["unusedIdentifier_delete", "unusedIdentifier_deleteImports"];

/** Runs a development tool of the project, with its output on this terminal. */
export function runTool(program: string, ...args: readonly string[]): void {
  execFileSync("npx", ["--no-install", program, ...args], { stdio: "inherit", shell: process.platform === "win32" });
}

function readTypeScriptConfig(): ts.ParsedCommandLine {
  const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, process.cwd());
}

/** Every source file of the project, with the source files that import it. */
export function readImporters(): ReadonlyMap<string, readonly string[]> {
  const { fileNames, options } = readTypeScriptConfig();
  const sources = fileNames.map(projectPath).filter((path) => !path.startsWith("."));
  const importers = new Map<string, string[]>(sources.map((path) => [path, []]));
  for (const importer of sources) {
    for (const { fileName } of ts.preProcessFile(readFileSync(importer, "utf8"), true, true).importedFiles) {
      const { resolvedModule } = ts.resolveModuleName(fileName, resolve(importer), options, ts.sys);
      if (resolvedModule) importers.get(projectPath(resolvedModule.resolvedFileName))?.push(importer);
    }
  }
  return importers;
}

function projectPath(path: string): string {
  return relative(process.cwd(), path).split(sep).join("/");
}

/** Removes what nothing uses any longer: files, exports, packages and declarations. Returns the files that it changed. */
export function removeUnused(): readonly string[] {
  const { fileNames, options } = readTypeScriptConfig();
  const service = languageService(fileNames, options);
  const original = new Map(fileNames.map((file) => [file, ts.sys.readFile(file)]));
  const changed = () => fileNames.filter((file) => existsSync(file) && ts.sys.readFile(file) !== original.get(file));
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    runTool("knip", "--fix", "--allow-remove-files", "--no-exit-code");
    // Without its `export`, a declaration may be unused, and may have been the only user of another export.
    if (UNUSED_FIXES.map((fix) => applyFix(service, fix, changed())).every((count) => count === 0)) break;
  }
  return changed();
}

function languageService(fileNames: readonly string[], options: ts.CompilerOptions): ts.LanguageService {
  return ts.createLanguageService({
    readFile: ts.sys.readFile,
    fileExists: ts.sys.fileExists,
    directoryExists: ts.sys.directoryExists,
    getScriptFileNames: () => fileNames.filter((file) => existsSync(file)),
    getScriptVersion: (file) => String(ts.sys.getModifiedTime?.(file)?.getTime()),
    getScriptSnapshot: (file) => ts.ScriptSnapshot.fromString(ts.sys.readFile(file) ?? ""),
    getCompilationSettings: () => options,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCurrentDirectory: () => process.cwd(),
  });
}

/** Applies one of TypeScript's own fixes. Returns the number of files that it changed. */
function applyFix(service: ts.LanguageService, fix: string, fileNames: readonly string[]): number {
  const found = fileNames.flatMap((fileName) => {
    const scope = { type: "file", fileName } as const;
    return service.getCombinedCodeFix(scope, fix, ts.getDefaultFormatCodeSettings(), {}).changes;
  });
  for (const { fileName, textChanges } of found) {
    const edits = textChanges.toSorted((a, b) => b.span.start - a.span.start);
    const edit = (text: string, { span, newText }: ts.TextChange) =>
      text.slice(0, span.start) + newText + text.slice(span.start + span.length);
    writeFileSync(fileName, edits.reduce(edit, readFileSync(fileName, "utf8")));
  }
  return found.length;
}
