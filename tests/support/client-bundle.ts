import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "@/tests/support/find-secrets";

const STATIC = ".next/static";

/** Every file that the production build hands to browsers. */
export function clientBundle(): Place[] {
  const files = readdirSync(STATIC, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => ({ name, text: readFileSync(join(parentPath, name), "latin1") }));
}
