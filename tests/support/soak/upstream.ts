import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const PROGRAM = resolve("tests/support/soak/upstream-process.ts");

/** The sandbox's Echo with a chain, in a process of its own. */
export interface SoakUpstream {
  origin: string;
  port: number;
  rpcUrl: string;
  close(): Promise<void>;
}

interface Places {
  origin: string;
  rpcUrl: string;
}

function arePlaces(message: unknown): message is Places {
  return typeof message === "object" && message !== null && "origin" in message && "rpcUrl" in message;
}

/** Starts it. `redirectUri`: the app's, which it registers. Rejects if it ends before it answers. */
export async function startSoakUpstream(redirectUri: string): Promise<SoakUpstream> {
  const args = ["--import", "tsx", "--conditions=react-server", PROGRAM, redirectUri];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const ended = once(child, "exit");
  const early = ended.then(() => Promise.reject(new Error("The upstream's process ended at its start")));
  const [places]: unknown[] = await Promise.race([once(child, "message"), early]);
  // From here on, its end is wanted.
  early.catch(() => undefined);
  if (!arePlaces(places)) throw new Error("The upstream's process did not say where it is");
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  return { ...places, port: Number(new URL(places.origin).port), close };
}
