import * as fs from "node:fs";
import { dirname, join } from "node:path";

/** One thing that a recipe asks for: a whole file, lines to insert or to replace, or a command. */
export type RecipeStep =
  | { kind: "file"; path: string; text: string }
  | { kind: "insert"; path: string; after: string; text: string }
  | { kind: "replace"; path: string; line: string; text: string }
  | { kind: "command"; command: string };

/** The commands that prepare a project; the others in a recipe use it. */
const PREPARES = /^npm (install|pkg) /;

const PLACE = /^(\w+)=(\S+)(?: (after|line)="(.*)")?$/;

function stepOf(info: string, text: string): RecipeStep {
  const [, kind = "", path = "", key, line] = PLACE.exec(info) ?? [];
  if (kind === "file" && key === undefined) return { kind, path, text };
  if (kind === "insert" && key === "after" && line !== undefined) return { kind, path, after: line, text };
  if (kind === "replace" && key === "line" && line !== undefined) return { kind, path, line, text };
  throw new Error(
    `A recipe has a code block that says "${info}": file=, insert= with after="", or replace= with line=""`,
  );
}

function stepsOf(language: string, info: string, lines: readonly string[]): RecipeStep[] {
  if (info !== "") return [stepOf(info, lines.map((line) => `${line}\n`).join(""))];
  if (language !== "sh") return [];
  const commands = lines.map((line) => line.trim()).filter((line) => PREPARES.test(line));
  return commands.map((command) => ({ kind: "command", command }));
}

/**
 * The steps of each recipe in their order, by its heading: of the second level, with those below it. A code block without a place only shows
 * something.
 */
export function readRecipes(markdown: string): ReadonlyMap<string, readonly RecipeStep[]> {
  const recipes = new Map<string, RecipeStep[]>();
  let steps: RecipeStep[] = [];
  let block: { end: string; indent: number; language: string; info: string; lines: string[] } | undefined;
  for (const line of markdown.split("\n")) {
    const [, indent = "", ticks = "", language = "", info = ""] = /^( *)(`{3,})(\w*) ?(.*)$/.exec(line) ?? [];
    if (block && line.trim() === block.end) {
      steps.push(...stepsOf(block.language, block.info, block.lines));
      block = undefined;
    } else if (block) block.lines.push(line.slice(Math.min(block.indent, line.search(/\S|$/))));
    else if (ticks !== "") block = { end: ticks, indent: indent.length, language, info: info.trim(), lines: [] };
    else if (line.startsWith("## ")) recipes.set(line.slice(3), (steps = []));
  }
  return recipes;
}

/** The text with a step's lines inserted or put in place of another. The line that it names must be there exactly once. */
export function edited(text: string, step: Extract<RecipeStep, { kind: "insert" | "replace" }>): string {
  const lines = text.split("\n");
  const wanted = step.kind === "insert" ? step.after : step.line;
  const places = [...lines.keys()].filter((index) => lines[index]?.trim() === wanted.trim());
  const [place] = places;
  if (place === undefined || places.length > 1)
    throw new Error(`${step.path} has the line "${wanted.trim()}" ${places.length} times, and a recipe needs it once`);
  const added = step.text.replace(/\n$/, "").split("\n");
  return (step.kind === "insert" ? lines.toSpliced(place + 1, 0, ...added) : lines.toSpliced(place, 1, ...added)).join(
    "\n",
  );
}

/** Makes the changes to files that a recipe asks for. Returns its commands, which the caller runs. */
export function applyRecipe(project: string, steps: readonly RecipeStep[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === "command") return [step.command];
    const file = join(project, step.path);
    fs.mkdirSync(dirname(file), { recursive: true });
    fs.writeFileSync(file, step.kind === "file" ? step.text : edited(fs.readFileSync(file, "utf8"), step));
    return [];
  });
}
