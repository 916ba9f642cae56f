import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { copyProject, runIn } from "@/scripts/project-copy";
import { applyRecipe, readRecipes } from "@/scripts/recipes";
import { temporaryFolder } from "@/tests/support/temporary-folder";

const DOCUMENT = "docs/recipes.md";

/** "OIDC sign-in" replaces the same file as "Passwords", with six lines that other tests run. */
const LEFT_OUT = ["OIDC sign-in"];

const COMPILE_TIMEOUT_MS = 5 * 60_000;

/** Declares the packages that a recipe installs, in place of downloading them. `npm run fork-check` installs them. */
function declarations(commands: readonly string[]): string {
  const names = commands.flatMap((command) => [...command.matchAll(/(@?[\w/-]+)@\d\S*/g)].map(([, name = ""]) => name));
  return names.map((name) => `declare module "${name}";\n`).join("");
}

// A fork that has no use for the recipes removes the document.
test.skipIf(!existsSync(DOCUMENT))(
  "a project that followed every recipe to the letter compiles",
  async () => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const copy = join(folder.path, "app");
    copyProject(copy);
    const recipes = [...readRecipes(readFileSync(DOCUMENT, "utf8"))].filter(([heading]) => !LEFT_OUT.includes(heading));
    const steps = recipes.flatMap((recipe) => recipe[1]);
    expect(steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["file", "insert", "replace", "command"]));
    const commands = applyRecipe(copy, steps);
    writeFileSync(join(copy, "installed-packages.d.ts"), declarations(commands));
    const compiler = join(copy, "node_modules/typescript/bin/tsc");
    expect(await runIn(copy, [process.execPath, compiler, "--noEmit"], {})).toBe("");
  },
  COMPILE_TIMEOUT_MS,
);
