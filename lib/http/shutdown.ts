import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

type Signal = (typeof SIGNALS)[number];

/** The second signal of one key press: the terminal sends it to the whole group, and npm once more to the server (milliseconds). */
const SAME_PRESS_MS = 300;

/** The steps of ending, and their time limits in milliseconds. */
export interface ShutdownPlan {
  /** Time for balancers to notice that this server is not ready any more, while it still answers. */
  drainMs: number;
  /** From the signal to the end, whatever is left. */
  limitMs: number;
  /** Called when the server stops listening. */
  onStopListening(): void;
  /** Called when every request has been answered, before the process ends. */
  close(): Promise<void>;
}

interface Shutdown {
  /** When the signal came. */
  since?: number;
  exit?: (code: number) => never;
}

function state(): Shutdown {
  return processGlobal<Shutdown>("shutdown", () => ({}));
}

/** True once this process has been told to end. */
export function isShuttingDown(): boolean {
  return state().since !== undefined;
}

/**
 * Takes over the signals from those who handle them, which for Next means: stop listening, answer what has arrived, do what was left for
 * `after`, and exit. First this server answers "not ready" and goes on serving, and at the end it closes the database. Without this,
 * a balancer that has not noticed yet would send requests to a closed port. On SIGINT, which a person sends, there is no balancer to wait for.
 */
export function takeOverSignals(plan: ShutdownPlan): void {
  for (const signal of SIGNALS) {
    const handlers = process.listeners(signal);
    // A server of another make ends by itself, at once.
    if (handlers.length === 0) continue;
    process.removeAllListeners(signal);
    process.on(signal, () => void onSignal(signal, () => handlers.forEach((handle) => handle(signal)), plan));
  }
}

async function onSignal(signal: Signal, stopServer: () => void, plan: ShutdownPlan): Promise<void> {
  const shutdown = state();
  const now = performance.now();
  // Next ends the process itself, by calling `process.exit`: see below.
  const exit = (shutdown.exit ??= process.exit.bind(process));
  if (shutdown.since !== undefined) {
    if (now - shutdown.since > SAME_PRESS_MS) exit(1);
    return;
  }
  shutdown.since = now;
  setTimeout(() => {
    requestLog("-").error("shutdown.timeout", { durationMs: plan.limitMs });
    exit(1);
  }, plan.limitMs).unref();
  if (signal === "SIGTERM" && plan.drainMs > 0) await sleep(plan.drainMs);
  plan.onStopListening();
  // Next does not say when it has finished, but exits: as if the signal had killed it, and without closing the database.
  const finish = () => void plan.close().finally(() => exit(0));
  Object.defineProperty(process, "exit", { value: finish });
  stopServer();
}
