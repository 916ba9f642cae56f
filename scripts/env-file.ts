import { existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

/** The text of an `.env` file. An empty one if the file is not there. */
export function readEnvFile(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** The values in the text of an `.env` file, without the empty ones. */
export function valuesOf(text: string): Record<string, string> {
  const entries = Object.entries(parseEnv(text)).filter((entry): entry is [string, string] =>
    Boolean(entry[1]?.trim()),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replaceAll("\\$", "$")]));
}

/** The comment right above a variable, as one paragraph. */
export function commentOf(text: string, variable: string): string {
  const lines = text.split(/\r?\n/);
  const comment: string[] = [];
  for (let at = findLine(lines, variable) - 1; lines[at]?.startsWith("#") && !lines[at]?.startsWith("# ---"); at -= 1)
    comment.unshift((lines[at] ?? "").replace(/^#\s*/, ""));
  return comment.join(" ");
}

/** The index of the line that counts: of several, the last. -1 if there is none. */
function findLine(lines: readonly string[], variable: string): number {
  return lines.findLastIndex((line) => new RegExp(`^\\s*(export\\s+)?${variable}\\s*=`).test(line));
}

/** The number of lines that a variable's value takes: a quoted one may have several. */
function lengthOf(lines: readonly string[], at: number): number {
  const [, quote = ""] = /=\s*(["'`])/.exec(lines[at] ?? "") ?? [];
  if (quote === "") return 1;
  const isClosed = (text: string) => text.slice(text.indexOf(quote) + 1).includes(quote);
  for (let count = 1; at + count <= lines.length; count += 1)
    if (isClosed(lines.slice(at, at + count).join("\n"))) return count;
  return 1;
}

/**
 * A value as an `.env` file holds it. Next replaces `$NAME`, and `#` begins a comment outside quotes. Undefined for a value with line
 * breaks or with all three kinds of quotes, which the format cannot hold.
 */
export function written(value: string): string | undefined {
  if (/[\r\n]/.test(value)) return undefined;
  const escaped = value.replaceAll("$", "\\$");
  if (/^[\w./:@,+=?&%~-]*$/.test(escaped)) return escaped;
  const quote = ["'", '"', "`"].find((one) => !value.includes(one));
  return quote === undefined ? undefined : quote + escaped + quote;
}

/** The text with a variable set (an empty value: not set). Every other line stays; a new variable comes last, under its comment. */
function withVariable(text: string, variable: string, value: string, comment: string): string {
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = text.split(/\r?\n/);
  const at = findLine(lines, variable);
  const line = `${variable}=${written(value) ?? ""}`;
  if (at >= 0) return lines.toSpliced(at, lengthOf(lines, at), line).join(end);
  if (value === "") return text;
  const before = text === "" || text.endsWith("\n") ? text : text + end;
  return before + (comment === "" ? "" : `# ${comment}${end}`) + line + end;
}

/** The text with several variables set. The comments of new ones are taken from `example`. */
export function withValues(text: string, values: Readonly<Record<string, string>>, example: string): string {
  return Object.entries(values).reduce(
    (edited, [variable, value]) => withVariable(edited, variable, value, commentOf(example, variable)),
    text,
  );
}

/** Writes the file so that it is either the old one or the new one, never a part, and only its owner can read it. */
export function writeEnvFile(file: string, text: string): void {
  // A link stays a link.
  const target = existsSync(file) ? realpathSync(file) : file;
  const draft = `${target}.${process.pid}`;
  rmSync(draft, { force: true });
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
}
