import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";

/**
 * Runs a program and ends it when stdin closes. That happens however the process at the other end of the pipe goes, also
 * when it is killed and can clean up nothing. Only the beginning of the output is passed on, less than a pipe holds: the
 * program would stand still for as long as its reader is busy. A string because a bundled sandbox has no file of its own
 * that Node could be pointed at.
 */
const GUARD = `
const [program, ...args] = process.argv.slice(1);
const child = require("node:child_process").spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
for (const name of ["stdout", "stderr"]) {
  let left = 16_000;
  process[name].on("error", () => { left = 0; });
  child[name].on("data", (chunk) => {
    if (left > 0) process[name].write(chunk.subarray(0, left));
    left -= chunk.length;
  });
}
child.on("error", (error) => { console.error(error.message); process.exit(1); });
child.on("close", (code) => process.exit(code ?? 1));
process.stdin.on("error", () => child.kill()).on("close", () => child.kill()).resume();
`;

/** A program that ends when this process does. */
export interface GuardedProcess {
  /** The first 16,000 bytes of what it writes. */
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
