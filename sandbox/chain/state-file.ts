import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";

/** Makes room for the chain's state. A file that is no JSON would keep the node from starting: it is set aside. */
export function prepareStateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (!existsSync(file) || isJson(readFileSync(file, "utf8"))) return;
  const aside = `${file}.corrupt-${Date.now()}`;
  renameSync(file, aside);
  console.warn(`sandbox: ${file} cannot be read as a chain's state; it is now ${aside}. The chain starts anew.`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
