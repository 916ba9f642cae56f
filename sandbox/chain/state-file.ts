import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseJson } from "../parse-json";
import { withoutEmptyBlocks } from "./prune-state";

/** Makes room for the chain's state, and makes it small. A file that is no JSON would keep the node from starting: it is set aside. */
export function prepareStateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file)) return;
  const state = parseJson(readFileSync(file, "utf8"));
  if (state !== undefined) return replace(file, JSON.stringify(withoutEmptyBlocks(state)));
  const aside = `${file}.corrupt-${Date.now()}`;
  renameSync(file, aside);
  console.warn(`sandbox: ${file} cannot be read as a chain's state; it is now ${aside}. The chain starts anew.`);
}

/** In one rename, so that a kill leaves the old state or the new one. */
function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}
