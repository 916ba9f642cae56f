import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { applyRecipe, copyProject } from "@/scripts/project-copy";
import { readRecipes } from "@/scripts/recipes";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const DOCUMENT = "docs/recipes.md";

/** It replaces the same file as "Passwords", with six lines that other tests run. */
const ALTERNATIVE = "OIDC sign-in";

const COMPILE_TIMEOUT_MS = 5 * 60_000;

/** Declares the packages that a recipe installs, in place of downloading them. `npm run fork-check` installs them. */
function declarations(commands: readonly string[]): string {
  const names = commands.flatMap((command) => [...command.matchAll(/(@?[\w/-]+)@\d\S*/g)].map(([, name = ""]) => name));
  return names.map((name) => `declare module "${name}";\n`).join("");
}

// A fork that has no use for the recipes removes the document.
test.skipIf(!existsSync(DOCUMENT))(
  "a project that followed every recipe to the letter compiles",
  () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const copy = join(folder.path, "app");
    copyProject(copy);
    const recipes = [...readRecipes(readFileSync(DOCUMENT, "utf8"))].filter(([heading]) => heading !== ALTERNATIVE);
    const steps = recipes.flatMap((recipe) => recipe[1]);
    expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["file", "insert", "replace", "command"]));
    const commands = applyRecipe(copy, steps);
    writeFileSync(join(copy, "installed-packages.d.ts"), declarations(commands));
    const args = [join(copy, "node_modules/typescript/bin/tsc"), "--noEmit"];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  },
  COMPILE_TIMEOUT_MS,
);
