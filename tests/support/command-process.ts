import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

/** A command that was started as somebody types it, and everything that it has started in turn. */
export interface CommandProcess {
  /** Everything that all of them have written so far. */
  logs(): string;
  /** To the command's own process alone, as a service manager does; what it has started hears of it from the command or not at all. */
  kill(signal: NodeJS.Signals): void;
  /** Whether the command's own process has ended. */
  hasEnded(): boolean;
  /** Resolves at the end of the command's own process; what it has started may go on. */
  ended: Promise<void>;
  /** Ends by force whatever is left of all of them. */
  endAll(): void;
}

/** Starts a command with this environment and no more than PATH and HOME of the developer's own. */
export function startCommand(
  [program, ...args]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv,
): CommandProcess {
  const { PATH = "", HOME = "" } = process.env;
  const surroundings = { PATH, HOME, npm_config_update_notifier: "false", ...env };
  // Detached: a process group of its own, by which all can be ended that come of it.
  const child = spawn(program, args, { env: surroundings, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const collect = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  const endAll = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // None is left.
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

/** Whether anything takes connections at a port of localhost. */
export async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "localhost");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
