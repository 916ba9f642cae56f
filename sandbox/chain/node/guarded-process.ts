import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/**
 * Runs a program and ends it when stdin closes. That happens however the process at the other end of the pipe goes, also
 * when it is killed and can clean up nothing. Output nobody reads any more is dropped, or the program would block on it.
 * A string because a bundled sandbox has no file of its own that Node could be pointed at.
 */
const GUARD = `
const [program, ...args] = process.argv.slice(1);
const child = require("node:child_process").spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
for (const name of ["stdout", "stderr"]) {
  process[name].on("error", () => child[name].resume());
  child[name].pipe(process[name]);
}
child.on("error", (error) => { console.error(error.message); process.exit(1); });
child.on("close", (code) => process.exit(code ?? 1));
process.stdin.on("error", () => child.kill()).on("close", () => child.kill()).resume();
`;

/** A program that ends when this process does. */
export interface GuardedProcess {
  /** Its output; whoever gets this must read it. */
  stdout: NodeJS.ReadableStream;
  stderr: NodeJS.ReadableStream;
  /** Resolves when it has ended and all its output has been read; with null when it could not even be guarded. */
  ended: Promise<number | null>;
  /** Asks it to end, and waits until it has. */
  close(): Promise<void>;
}

/** Starts `program` under a guard. */
export function startGuarded(program: string, args: readonly string[]): GuardedProcess {
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Detached: the terminal's Ctrl-C is for this process, and reaches the program as the end of the pipe.
  const guard = spawn(process.execPath, ["-e", GUARD, "--", program, ...args], { detached: true, env });
  const ended = endOf(guard);
  const close = async () => {
    guard.stdin.end();
    await ended;
  };
  return { stdout: guard.stdout, stderr: guard.stderr, ended, close };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", resolve);
  });
}
