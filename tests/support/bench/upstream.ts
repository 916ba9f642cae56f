import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Address } from "viem";

/** What the upstream is told to do from now on. */
export interface UpstreamOrder {
  /** How long Echo takes for every answer. */
  latencyMs?: number;
  /** The share of requests that Echo answers with 429, 0 to 1. */
  refusedShare?: number;
  /** Wallets that get coin and tokens. */
  fund?: readonly Address[];
}

/** What has happened at the upstream so far. */
export interface UpstreamCounts {
  /** Requests that were answered with 429. */
  refused: number;
  /** Requests for new tokens. */
  refreshes: number;
}

/** Echo with a latency, and the sale's chain, in a process of its own. Each browser that connects has entities of its own. */
export interface BenchUpstream {
  /** Echo's API, behind the latency. */
  origin: string;
  /** Echo's pages, without it: a person takes longer there anyway. */
  pages: string;
  rpcUrl: string;
  /** Resolves when the order is in force. */
  tell(order: UpstreamOrder): Promise<UpstreamCounts>;
  close(): Promise<void>;
}

const PROGRAM = resolve("tests/support/bench/upstream-process.ts");

function fieldOf(message: unknown, name: string): unknown {
  return typeof message === "object" && message !== null ? Reflect.get(message, name) : undefined;
}

async function answer(child: ChildProcess): Promise<unknown> {
  const [message]: unknown[] = await once(child, "message");
  return message;
}

/** Starts it. `redirectUri`: the app's. Rejects if it ends before it answers. */
export async function startBenchUpstream(redirectUri: string): Promise<BenchUpstream> {
  const args = ["--import", "tsx", "--conditions=react-server", PROGRAM, redirectUri];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const early = ended.then(() => Promise.reject(new Error("The upstream's process ended at its start")));
  const places = await Promise.race([answer(child), early]);
  early.catch(() => undefined);
  const place = (name: string) => String(fieldOf(places, name));
  return {
    origin: place("origin"),
    pages: place("pages"),
    rpcUrl: place("rpcUrl"),
    async tell(order) {
      const done = answer(child);
      child.send(order);
      const counts = await done;
      return { refused: Number(fieldOf(counts, "refused")), refreshes: Number(fieldOf(counts, "refreshes")) };
    },
    async close() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
