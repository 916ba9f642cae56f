import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

const STOP_PATIENCE_MS = 5_000;
const POLL_MS = 50;

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
}

/** What to run with Node, and in which surroundings. */
export interface ServerProcessOptions {
  args: readonly string[];
  /** The whole environment apart from PATH, HOME and NODE_ENV: nothing of the developer's own configuration gets in. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
}

function environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, ...env, NODE_ENV: "production" };
}

/** Starts Node with `args`. It has not necessarily begun to answer; see `untilReady`. */
export function startServerProcess({ args, env, cwd = process.cwd() }: ServerProcessOptions): ServerProcess {
  const child = spawn(process.execPath, args, { cwd, env: environment(env), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
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
  return { pid: child.pid, logs: () => output, kill: (signal) => void child.kill(signal), stop, exitCode };
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
