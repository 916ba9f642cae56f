import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { resolve, resolve as absolute } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "@/tests/support/local-server";

/** Throws, with advice, when there is no production build to test. */
export function requireProductionBuild(): void {
  if (!existsSync(".next/BUILD_ID")) throw new Error("There is no production build: run `npm run build` first.");
}

const STOP_PATIENCE_MS = 5_000;
const POLL_MS = 50;

const HEAP_PROBE = absolute("tests/support/app/heap-probe.mjs");

/** Live memory after a forced collection, and resident memory of the process. In bytes. */
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
  /** Asks it to end, and ends it by force if it does not. */
  stop(): Promise<void>;
  /** The exit code; `null` when a signal ended it. */
  exitCode: Promise<number | null>;
  /** Collects garbage in the process and returns the memory that is left; for a process with `heapLimitMb`. */
  memory(): Promise<ProcessMemory>;
}

/** The arguments and the environment of a Node process. */
export interface ServerProcessOptions {
  args: readonly string[];
  /** The whole environment apart from PATH, HOME and NODE_ENV, so that the developer's own configuration has no effect. */
  env: Readonly<Record<string, string>>;
  cwd?: string;
  /** Ends the process when its live heap exceeds this (megabytes), and lets it report its memory. */
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

const NEXT = resolve("node_modules/next/dist/bin/next");

/** The production build of this app, running. */
export interface AppProcess extends ServerProcess {
  /** Its origin, on localhost. The sandbox is on 127.0.0.1, so that the redirect back crosses sites. */
  url: string;
}

/** Options for starting the app. */
export interface AppOptions {
  env: Readonly<Record<string, string>>;
  port?: number;
  /** The path that must answer 2xx before the app counts as started. */
  readyPath?: string;
  /** See `ServerProcessOptions`. */
  heapLimitMb?: number;
}

/** The app's origin for a port. */
export function appUrl(port: number): string {
  return `http://localhost:${port}`;
}

/** Starts the production build without waiting for it: for tests of an app that refuses to start. */
export function launchApp(port: number, env: AppOptions["env"], heapLimitMb?: number): AppProcess {
  requireProductionBuild();
  const own = {
    NEXT_TELEMETRY_DISABLED: "1",
    // Tells Next that .env files were read already, so that a developer's own do not change the test.
    __NEXT_PROCESSED_ENV: "1",
    APP_URL: appUrl(port),
  };
  const args = [NEXT, "start", "-p", String(port)];
  const server = startServerProcess({ args, env: { ...own, ...env }, heapLimitMb });
  return { ...server, url: appUrl(port) };
}

/** Starts the production build (`npm run build` made it) and waits until it answers. */
export async function startApp(options: AppOptions): Promise<AppProcess> {
  const { env, port, readyPath = "/api/health", heapLimitMb } = options;
  const app = launchApp(port ?? (await freePort()), env, heapLimitMb);
  await untilReady(app, new URL(readyPath, app.url).href);
  return app;
}

/** A command as a user types it, with all processes that it starts. */
export interface CommandProcess {
  /** The output of all of them so far. */
  logs(): string;
  /** Signals the command's own process only, as a service manager does; the command has to pass the signal on. */
  kill(signal: NodeJS.Signals): void;
  /** True once the command's own process has ended. */
  hasEnded(): boolean;
  /** Resolves at the end of the command's own process; others may still run. */
  ended: Promise<void>;
  /** Ends all that still run by force. */
  endAll(): void;
}

/** Starts a command in a folder with this environment, and PATH and HOME of the developer's own. */
export function startCommand(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  cwd = process.cwd(),
): CommandProcess {
  const { PATH = "", HOME = "" } = process.env;
  // Next's types say that NODE_ENV is always there.
  const surroundings = { PATH, HOME, npm_config_update_notifier: "false", ...env } as unknown as NodeJS.ProcessEnv;
  // Detached, so that it has a process group by which all its processes can be ended.
  const child = spawn(program, args, { cwd, env: surroundings, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const endAll = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // None is running any more.
    }
  };
  return {
    logs: () => output,
    kill: (signal) => void child.kill(signal),
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    // "exit" and not "close": the pipes stay open for as long as a process that was left behind.
    ended: once(child, "exit").then(() => undefined),
    endAll,
  };
}

/** Checks for a server that accepts connections at a port of this machine's address `host`. */
export async function isListening(port: number, host = "localhost"): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
