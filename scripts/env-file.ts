import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { parseEnv } from "node:util";

/** The text of an `.env` file. An empty one if the file is not there. */
export function readEnvFile(file: string): string {
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}

/** The values in the text of an `.env` file, without the empty ones. */
export function valuesOf(text: string): Record<string, string> {
  // As Next reads it; Node takes a line end of the old Macintosh (CR alone) for nothing.
  const entries = Object.entries(parseEnv(text.replace(/\r\n?/g, "\n"))).filter((entry): entry is [string, string] =>
    Boolean(entry[1]?.trim()),
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, value.replaceAll("\\$", "$")]));
}

/** The line ends of every system: Next takes CR alone for one too. */
const LINE_END = /\r\n?|\n/;

/** The comment right above a variable, as one paragraph. */
export function commentOf(text: string, variable: string): string {
  const lines = text.split(LINE_END);
  const comment: string[] = [];
  for (let at = findLine(lines, variable) - 1; lines[at]?.startsWith("#") && !lines[at]?.startsWith("# ---"); at -= 1)
    comment.unshift((lines[at] ?? "").replace(/^#\s*/, ""));
  return comment.join(" ");
}

/** The index of the line that counts: of several, the last. -1 if there is none. Lines inside the values of other variables are not counted. */
function findLine(lines: readonly string[], variable: string): number {
  let found = -1;
  for (let at = 0; at < lines.length;) {
    const [, name] = /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(lines[at] ?? "") ?? [];
    if (name === variable) found = at;
    at += name === undefined ? 1 : lengthOf(lines, at);
  }
  return found;
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
 * A value as an `.env` file holds it. Next replaces `$NAME`, and `#` begins a comment outside quotes. Between double quotes, a backslash with "n" or
 * "r" is read as a line break. Undefined for a value that the format cannot hold: one with line breaks, or with all kinds of quotes that would do.
 */
export function written(value: string): string | undefined {
  if (/[\r\n]/.test(value)) return undefined;
  const escaped = value.replaceAll("$", "\\$");
  if (/^[\w./:@,+=?&%~-]*$/.test(escaped)) return escaped;
  const isPossible = (quote: string) => !value.includes(quote) && (quote !== '"' || !/\\[nr]/.test(value));
  const quote = ["'", '"', "`"].find(isPossible);
  return quote === undefined ? undefined : quote + escaped + quote;
}

/** The text with a variable set (an empty value: not set). Every other line stays; a new variable comes last, under its comment. */
function withVariable(text: string, variable: string, value: string, comment: string): string {
  const end = LINE_END.exec(text)?.[0] ?? "\n";
  const lines = text.split(LINE_END);
  const at = findLine(lines, variable);
  const line = `${variable}=${written(value) ?? ""}`;
  if (at >= 0) return lines.toSpliced(at, lengthOf(lines, at), line).join(end);
  if (value === "") return text;
  const before = text === "" || /[\r\n]$/.test(text) ? text : text + end;
  return before + (comment === "" ? "" : `# ${comment}${end}`) + line + end;
}

/**
 * The text with several variables set. The comments of new ones are taken from `example`. Throws if any variable would be read back as something
 * else: lines that people have written can be odder than the rules here.
 */
export function withValues(text: string, values: Readonly<Record<string, string>>, example: string): string {
  const edited = Object.entries(values).reduce(
    (before, [variable, value]) => withVariable(before, variable, value, commentOf(example, variable)),
    text,
  );
  const wanted: Record<string, string | undefined> = { ...valuesOf(text), ...values };
  const found = valuesOf(edited);
  const wrong = Object.keys({ ...wanted, ...found }).filter((name) => (wanted[name] ?? "") !== (found[name] ?? ""));
  if (wrong.length === 0) return edited;
  const names = Object.keys(values).join(", ");
  throw new Error(
    `${wrong.join(", ")} would be read back as another value, so nothing was written: set ${names} by hand.`,
  );
}

function modeOf(file: string): number | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && found.mode & 0o777;
}

/**
 * The owner, group and mode that the file in place of `target` is to have. Those of the old one, so that a service which reads it by its group still
 * can; but nobody else may read it.
 */
function keepAccess(draft: string, target: string): void {
  if (!existsSync(target)) return;
  const { uid, gid, mode } = statSync(target);
  const isForOthers = (mode & 0o007) !== 0;
  try {
    const made = statSync(draft);
    if (made.uid !== uid || made.gid !== gid) chownSync(draft, uid, gid);
  } catch {
    // Only root may give a file away. Its group would be another one now, which must not read it.
    return;
  }
  if (!isForOthers) chmodSync(draft, mode & 0o777);
}

/**
 * The file that is written for `file`: of a link, the one that it leads to. Throws for a link that leads nowhere: its place may only be missing for
 * now, as on a disk that is not mounted, and a file in place of the link would hide what is there.
 */
export function targetOf(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  if (!lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink()) return file;
  throw new Error(
    `${file} is a link to ${readlinkSync(file)}, which is not there. Make that file, or remove the link; nothing was written.`,
  );
}

const octal = (mode: number) => `0${mode.toString(8)}`;

/**
 * Writes the file so that it is either the old one or the new one, never a part. Only its owner can read it, and its group if it could before.
 * Returns a sentence if its rights are others than before: some other user's program may have read it.
 */
export function writeEnvFile(file: string, text: string): string | undefined {
  const target = targetOf(file);
  const before = modeOf(target);
  const draft = `${target}.${process.pid}`;
  rmSync(draft, { force: true });
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    keepAccess(draft, target);
    renameSync(draft, target);
  } finally {
    rmSync(draft, { force: true });
  }
  const after = modeOf(target);
  if (before === undefined || after === undefined || before === after) return undefined;
  return `${file} had mode ${octal(before)} and has ${octal(after)} now: it holds secrets, which nobody else may read.`;
}
