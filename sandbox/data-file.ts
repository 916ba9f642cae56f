import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseJson } from "./http/request";

/** The content of a file, in the words of a warning. */
interface Content {
  /** e.g. "grants". */
  name: string;
  /** A sentence about a start without the file. */
  loss: string;
}

/**
 * The JSON value that an earlier run stored; undefined if there is none. A file with anything else is renamed and reported, so that it
 * neither prevents a start nor is overwritten. `parse` returns undefined for a wrong shape.
 */
export function readDataFile<T>(
  file: string,
  parse: (value: unknown) => T | undefined,
  { name, loss }: Content,
  now: number,
): T | undefined {
  if (!existsSync(file)) return undefined;
  const content = parse(parseJson(readFileSync(file, "utf8")));
  if (content !== undefined) return content;
  const aside = `${file}.corrupt-${now}`;
  renameSync(file, aside);
  console.warn(`sandbox: ${file} cannot be read as ${name}; it is now ${aside}. ${loss}`);
  return undefined;
}

/** Writes a file in one rename, so that a killed process leaves the old text or the new one. Only the owner may read it. */
export function writeDataFile(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
  renameSync(temporary, file);
}
