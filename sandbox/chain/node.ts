import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { NODE_ACCOUNTS } from "./chain-facts";

/** Options for the EVM node. */
export interface NodeOptions {
  /** 0 takes any free port. */
  port: number;
  chainId: number;
  /** The file that keeps the chain between two runs; absent: it is in memory only. */
  stateFile?: string;
  /** Seconds between two blocks, in addition to one block per transaction; absent: only those. */
  blockSeconds?: number;
  /** Accepts contracts of any size. */
  anyCodeSize?: boolean;
  /** For strangers: no account exists at first, as the node's own ones have public keys, and memory and disk stay small. */
  forStrangers?: boolean;
}

/** An EVM node that answers on 127.0.0.1. */
export interface RunningNode {
  rpcUrl: string;
  /** Ends the node, which writes its state first. */
  close(): Promise<void>;
}

/** Another program uses the port. */
export class PortInUse extends Error {
  override name = "PortInUse";
}

/** Starts an EVM node. Rejects with PortInUse or with the node's own message. The node ends when this process does. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const node = startGuarded(findAnvil(), nodeArguments(options));
  const port = await untilListening(node);
  return { rpcUrl: `http://127.0.0.1:${port}`, close: node.close };
}

/** The states of earlier blocks that a node for strangers keeps; each is a copy of everything. */
const KEPT_STATES = "50";

function nodeArguments(options: NodeOptions): string[] {
  const { port, chainId, stateFile, blockSeconds, anyCodeSize, forStrangers } = options;
  return [
    ...["--host", "127.0.0.1", "--port", `${port}`, "--chain-id", `${chainId}`],
    ...(stateFile === undefined ? [] : ["--state", stateFile]),
    ...(blockSeconds === undefined ? [] : ["--block-time", `${blockSeconds}`, "--mixed-mining"]),
    ...(anyCodeSize ? ["--disable-code-size-limit"] : []),
    ...["--accounts", forStrangers ? "0" : `${NODE_ACCOUNTS}`],
    // Pages reach it through a door only.
    "--no-cors",
    ...(forStrangers ? ["--prune-history", KEPT_STATES] : []),
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
 * Runs a program and ends it when stdin closes. That happens however the process at the other end of the pipe ends, even if it is
 * killed and cannot clean up. Only the first part of the output is passed on, less than a pipe holds, because the program would stop
 * while its reader is busy. This is a string because a bundled sandbox has no file that Node could run.
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
  /** The first 16,000 bytes of its output. */
  stdout: NodeJS.ReadableStream;
  stderr: NodeJS.ReadableStream;
  /** Resolves when it has ended and all output is read; with null if the guard could not start. */
  ended: Promise<number | null>;
  /** Asks it to end and waits for that. */
  close(): Promise<void>;
}

/** Starts `program` with a guard. */
function startGuarded(program: string, args: readonly string[]): GuardedProcess {
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Detached: Ctrl-C in the terminal reaches this process only, and the program through the end of the pipe.
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
 * The node's program for this machine, found from the working directory upwards. The package's own starter would leave the node
 * running when it is ended, and a bundler would try to follow an import. Throws if the package is not installed.
 */
function findAnvil(): string {
  const name = `@foundry-rs/anvil-${process.platform}-${CPU[process.arch] ?? process.arch}`;
  const program = process.platform === "win32" ? "anvil.exe" : "anvil";
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    // Without this remark, the bundler would take the node (44 MB) for a part of the app and deploy it.
    const path = join(/* turbopackIgnore: true */ folder, "node_modules", name, "bin", program);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`The local chain needs the package ${name}. Run npm install.`);
  }
}
