import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const WORKFLOW = ".github/workflows/ci.yml";

/** The values of a key, at any depth. A parser of YAML would be a package for one test. */
function valuesOf(key: string, yaml: string): string[] {
  return [...yaml.matchAll(new RegExp(`^\\s*(?:- )?${key}: (.+)$`, "gm"))].map(([, value = ""]) => value);
}

test.skipIf(!existsSync(WORKFLOW))("the workflow runs what a bare machine runs, on the recommended Node too", () => {
  const workflow = readFileSync(WORKFLOW, "utf8");
  expect(valuesOf("run", workflow)).toEqual(["bash .ci/run"]);
  expect(valuesOf("node", workflow).join()).toContain(`"${readFileSync(".nvmrc", "utf8").trim()}"`);
  // A tag can be moved to other code, a commit cannot.
  expect(valuesOf("uses", workflow).filter((action) => !/@[0-9a-f]{40} # v\d/.test(action))).toEqual([]);
});
