import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { emptyGrantState, parseGrantState } from "./grant-state";
import type { GrantState } from "./grant-state";
import { parseJson } from "../parse-json";

/** Reads the grants of an earlier run. A file that is not one is reported and set aside, and the state starts empty. */
export function readGrantFile(file: string, now: () => number): GrantState {
  const text = readIfThere(file);
  if (text === undefined) return emptyGrantState();
  const state = parseGrantState(parseJson(text));
  if (state) return state;
  const aside = `${file}.corrupt-${now()}`;
  renameSync(file, aside);
  console.warn(`sandbox: ${file} cannot be read as grants; it is now ${aside}. Everybody must connect again.`);
  return emptyGrantState();
}

/**
 * Writes before the answer goes out and in one rename, so that no kill can leave a token that was handed out and is not
 * in the file, or half a file. Only the owner may read it.
 */
export function writeGrantFile(file: string, state: GrantState): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, JSON.stringify(state), { mode: 0o600 });
  renameSync(temporary, file);
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
