import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve as absolute } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const STOP_PATIENCE_MS = 5_000;
const POLL_MS = 50;

const HEAP_PROBE = absolute("tests/support/heap-probe.mjs");

/** What is alive after a forced collection, and what the system has given the process. In bytes. */
export interface ProcessMemory {
  heapUsed: number;
  rss: number;
}

/** A program under test that runs in a process of its own. */
export interface ServerProcess {
  pid: number | undefined;
  /** Everything it has written to stdout and stderr so far. */
  logs(): string;
  kill(signal: NodeJS.Signals): void;
  /** Ends it in an orderly way, by force if it does not go. */
  stop(): Promise<void>;
  /** The exit code; `null` when a signal ended it. */
  exitCode: Promise<number | null>;
  /** Collects garbage in the process and tells what is left; for one that was started with `heapLimitMb`. */
  memory(): Promise<ProcessMemory>;
}

/** What to run with Node, and in which surroundings. */
export interface ServerProcessOptions {
  args: readonly string[];
  /** The whole environment apart from PATH, HOME and NODE_ENV: nothing of the developer's own configuration gets in. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
  /** Ends the process when more than this is alive on its heap (megabytes), and makes it tell its memory. */
  heapLimitMb?: number;
}

function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, ...env, NODE_ENV: "production" };
}

function launch({ args, env, cwd = process.cwd(), heapLimitMb }: ServerProcessOptions): ChildProcess {
  const surroundings = { cwd, env: environment(env) };
  if (heapLimitMb === undefined) {
    return spawn(process.execPath, args, { ...surroundings, stdio: ["ignore", "pipe", "pipe"] });
  }
  const probed = [`--max-old-space-size=${heapLimitMb}`, "--import", HEAP_PROBE, ...args];
  return spawn(process.execPath, probed, { ...surroundings, stdio: ["ignore", "pipe", "pipe", "ipc"] });
}

async function memoryOf(child: ChildProcess): Promise<ProcessMemory> {
  if (!child.connected) throw new Error("The process has ended, or was started without `heapLimitMb`");
  const answered = once(child, "message");
  child.send("memory");
  const [memory]: ProcessMemory[] = await answered;
  if (!memory) throw new Error("The process told no memory");
  return memory;
}

/** Starts Node with `args`. It has not necessarily begun to answer; see `untilReady`. */
export function startServerProcess(options: ServerProcessOptions): ServerProcess {
  const child = launch(options);
  let output = "";
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  const exitCode = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    // "close" and not "exit": by then all output has been read.
    child.once("close", resolve);
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
    await exitCode.finally(() => clearTimeout(force));
  };
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  return { pid: child.pid, logs: () => output, kill, stop, exitCode, memory: () => memoryOf(child) };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** Resolves when GET `url` answers 2xx. Rejects, with the process's output, when it ends before or takes too long. */
export async function untilReady(server: ServerProcess, url: string, patienceMs = 30_000): Promise<void> {
  let ended = false;
  void server.exitCode.then(() => (ended = true));
  const deadline = Date.now() + patienceMs;
  while (!(await answers(url))) {
    if (ended) throw new Error(`The process ended before ${url} answered:\n${server.logs()}`);
    if (Date.now() > deadline) {
      await server.stop();
      throw new Error(`${url} did not answer in ${patienceMs} ms:\n${server.logs()}`);
    }
    await delay(POLL_MS);
  }
}
