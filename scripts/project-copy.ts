import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { basename, join, resolve } from "node:path";

/** The output of tools, and a developer's own settings. */
const LEFT_OUT = /^(node_modules|\.git|\.next|\.data|\.vercel|coverage|test-results|\.env(?!\.example).*)$/;

/** Files of node_modules that tools write to in place: through a hard link, they would write to the original. */
const WRITTEN_IN_PLACE = new Set([".package-lock.json"]);

/** The caches of tools, which are written to in place too. */
const CACHES = /^\.(?!bin$|package-lock\.json$|pnpm)/;

/** No hard link leads to another file system, on which the temporary folder may be. */
function linkOrCopy(source: string, target: string): void {
  try {
    fs.linkSync(source, target);
  } catch {
    fs.copyFileSync(source, target);
  }
}

function linkTree(from: string, to: string): void {
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

/** Gives a copy of the project its packages, as hard links: Turbopack follows no symbolic link that leads out of the project. */
export function linkPackages(copy: string): void {
  const [from, to] = [resolve("node_modules"), join(copy, "node_modules")];
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (WRITTEN_IN_PLACE.has(entry.name)) fs.copyFileSync(source, target);
    else if (entry.isDirectory() && !CACHES.test(entry.name)) linkTree(source, target);
  }
}

/** Copies this project to a folder that does not exist yet, with its packages. */
export function copyProject(copy: string): void {
  fs.cpSync(process.cwd(), copy, { recursive: true, filter: (path) => !LEFT_OUT.test(basename(path)) });
  linkPackages(copy);
}

/** Runs a program in a folder, with these variables alone. Resolves with its output, and rejects with it if the program fails. */
export async function runIn(
  folder: string,
  [program, ...args]: readonly [program: string, ...args: string[]],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn(program, args, {
    cwd: folder,
    // Next's types say that NODE_ENV is always there.
    env: env as unknown as NodeJS.ProcessEnv,
    // npm and npx are scripts on Windows, and only a shell starts those. It would split the path of a program at its spaces.
    shell: process.platform === "win32" && !program.includes("\\"),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => output.push(chunk));
  const [exitCode] = (await once(child, "close")) as [number | null];
  const text = Buffer.concat(output).toString("utf8");
  if (exitCode !== 0) throw new Error(`${[program, ...args].join(" ")} failed:\n${text}`);
  return text;
}
