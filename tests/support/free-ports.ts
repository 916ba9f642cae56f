import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the range from which systems take ports for outgoing connections: one that is free stays free for a while. */
const LOWEST = 15_000;
const HIGHEST = 30_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** The first of so many TCP ports of 127.0.0.1 in a row that nothing listens on. */
export async function freePorts(count: number): Promise<number> {
  const first = randomInt(LOWEST, HIGHEST - count);
  const states = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(first + offset)));
  return states.every(Boolean) ? first : freePorts(count);
}

/** A TCP port of 127.0.0.1 that nothing listens on. */
export function freePort(): Promise<number> {
  return freePorts(1);
}
