import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** Finds what looks like a path of this project: in code spans, pictures and diagrams. */
export function namedPaths(text: string): string[] {
  const folders = "app|lib|hooks|components|tests|public|sandbox|scripts|docs";
  const paths = text.match(new RegExp(`(?<![\\w/.])(?:${folders})/[\\w./@[\\]-]*`, "g")) ?? [];
  return [...new Set(paths.map((path) => path.replace(/[.)]+$/, "")))];
}

/** Finds the targets of links to other files, relative to the project. */
export function linkedFiles(document: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = ""]) => target);
  return targets.map((target) => normalize(join(dirname(document), target)));
}

/** Finds the npm scripts that a text names. */
export function namedScripts(text: string): string[] {
  return [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
}

/** Finds the files and npm scripts that the recipes of a document create. */
export function createdNames(text: string): string[] {
  const found = text.matchAll(/^ *```\w+ file=(\S+)$|^npm pkg set scripts\.([\w:-]+)=/gm);
  return [...found].map(([, path = "", script = ""]) => path || script);
}

function documentsIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".md"));
  return names.map((name) => join(folder, name));
}

/** The project's documents. */
export function projectDocuments(): string[] {
  return [
    ...["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].filter((name) => existsSync(name)),
    ...["docs", ".github/ISSUE_TEMPLATE"].flatMap(documentsIn),
  ];
}

/** True for a text of a document that names a file or a script which does not exist. */
export type IsDead = (text: string, document: string) => boolean;

/** The packages that a row of a table is about. */
function packagesOf(row: string): string[] {
  const [, first = ""] = /^\| (`[^|]+`)\s*\|/.exec(row) ?? [];
  return [...first.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

/** Finds dead mentions in the project as it is now. What a recipe creates is not dead; a row about `removed` packages is. */
export function deadMentions(removed: ReadonlySet<string>): IsDead {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const created = new Set(projectDocuments().flatMap((document) => createdNames(readFileSync(document, "utf8"))));
  return (text, document) =>
    [...namedPaths(text), ...linkedFiles(document, text)].some((path) => !existsSync(path) && !created.has(path)) ||
    namedScripts(text).some((name) => !(name in scripts) && !created.has(name)) ||
    packagesOf(text).some((name) => removed.has(name));
}

/** A part of a document that stays or goes as a whole, apart from the sentences of a paragraph. */
interface Block {
  kind: "line" | "item" | "paragraph";
  lines: string[];
}

const ITEM = /^\s*(?:[-*]|\d+\.) /;

/** Splits a Markdown text into blocks: a row of a table and a line of code are blocks, a list item has its further lines. */
function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let inCode = false;
  for (const line of text.split("\n")) {
    const isFence = /^\s*```/.test(line);
    const last = blocks.at(-1);
    const isSingle = inCode || isFence || line.trim() === "" || /^(\||#|<|!\[)/.test(line.trim());
    if (isFence) inCode = !inCode;
    if (isSingle) blocks.push({ kind: "line", lines: [line] });
    else if (ITEM.test(line)) blocks.push({ kind: "item", lines: [line] });
    else if (last && last.kind !== "line") last.lines.push(line);
    else blocks.push({ kind: "paragraph", lines: [line] });
  }
  return blocks;
}

function livingSentences(paragraph: string, isDead: (text: string) => boolean): string {
  const sentences = paragraph.split(/(?<=[.:!?]\)?) (?=[A-Z`*[])/);
  return sentences.filter((sentence) => !isDead(sentence)).join(" ");
}

/** A Markdown text without the rows, items, lines of code and sentences that are dead. */
export function withoutDeadMentions(text: string, isDead: (text: string) => boolean): string {
  const living = blocksOf(text).flatMap(({ kind, lines }) => {
    const whole = lines.join("\n");
    if (!isDead(whole)) return [whole];
    const rest = kind === "paragraph" ? livingSentences(lines.join(" "), isDead) : "";
    return rest === "" ? [] : [rest];
  });
  return living.join("\n").replace(/\n{3,}/g, "\n\n");
}
