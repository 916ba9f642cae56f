import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** How to run the EVM node. */
export interface NodeOptions {
  /** 0 takes any free port. */
  port: number;
  chainId: number;
  /** Where the chain is kept between two runs; absent: in memory only. */
  stateFile?: string;
  /** Seconds between two blocks, in addition to one for every transaction; absent: only those. */
  blockSeconds?: number;
  /** Takes contracts of any size. */
  anyCodeSize?: boolean;
}

/** An EVM node that answers on 127.0.0.1. */
export interface RunningNode {
  rpcUrl: string;
  /** Ends it in an orderly way: the state is written. */
  close(): Promise<void>;
}

/** The port is taken by another program. */
export class PortInUse extends Error {
  override name = "PortInUse";
}

/** Starts an EVM node. Rejects with PortInUse, or with the node's own words. It ends when this process does. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const node = startGuarded(findAnvil(), nodeArguments(options));
  const port = await untilListening(node);
  return { rpcUrl: `http://127.0.0.1:${port}`, close: node.close };
}

function nodeArguments({ port, chainId, stateFile, blockSeconds, anyCodeSize }: NodeOptions): string[] {
  return [
    ...["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${chainId}`],
    ...(stateFile === undefined ? [] : ["--state", stateFile]),
    ...(blockSeconds === undefined ? [] : ["--block-time", `${blockSeconds}`, "--mixed-mining"]),
    ...(anyCodeSize ? ["--disable-code-size-limit"] : []),
  ];
}

function untilListening(node: GuardedProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (chunk: Buffer | string) => {
      output += chunk.toString();
      const port = /^Listening on 127\.0\.0\.1:(\d+)/m.exec(output)?.[1];
      if (port !== undefined) resolve(port);
    };
    node.stdout.on("data", read);
    node.stderr.on("data", read);
    void node.ended.then(() => reject(failure(output)));
  });
}

function failure(output: string): Error {
  if (output.includes("Address already in use")) return new PortInUse("The port is taken.");
  return new Error(`The local chain did not start: ${output.trim()}`);
}

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
function startGuarded(program: string, args: readonly string[]): GuardedProcess {
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

const CPU: Partial<Record<NodeJS.Architecture, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * The node's program for this machine. Looked up by hand, from the working directory upwards: the package's own starter
 * leaves the node running when it is ended, and a bundler would try to follow an import. Throws if it is not installed.
 */
function findAnvil(): string {
  const name = `@foundry-rs/anvil-${process.platform}-${CPU[process.arch] ?? process.arch}`;
  const program = process.platform === "win32" ? "anvil.exe" : "anvil";
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    // Without the remark the bundler would take the node, 44 MB, for a part of the app and deploy it.
    const path = join(/* turbopackIgnore: true */ folder, "node_modules", name, "bin", program);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`The local chain needs the package ${name}. Run npm install.`);
  }
}
