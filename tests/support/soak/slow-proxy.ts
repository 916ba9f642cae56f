import { connect, createServer, type Socket } from "node:net";
import { listenFor, type ProxyServer } from "@/tests/support/database/proxy-server";

/** A proxy in front of a Postgres that can add time to each way. */
export interface SlowProxy extends ProxyServer {
  /** Milliseconds that everything takes longer from now on, in each direction. */
  delay(ms: number): void;
}

/** Sends what `from` receives to `to`, in order and `delayMs` later. */
function relay(from: Socket, to: Socket, delayMs: () => number): void {
  const waiting: (() => void)[] = [];
  let lastDue = 0;
  const later = (run: () => void) => {
    // Never before what came earlier, whose delay may have been longer.
    lastDue = Math.max(lastDue, performance.now() + delayMs());
    waiting.push(run);
    setTimeout(() => waiting.shift()?.(), lastDue - performance.now());
  };
  from.on("data", (chunk) => later(() => void to.write(chunk)));
  from.on("end", () => later(() => void to.end()));
  from.on("close", () => later(() => void to.destroy()));
}

/** Starts a proxy without delay in front of the server that `target` names. */
export async function startSlowProxy(target: string): Promise<SlowProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let delayMs = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket.on("error", () => undefined).setNoDelay(true));
      socket.once("close", () => sockets.delete(socket));
    }
    relay(client, upstream, () => delayMs);
    relay(upstream, client, () => delayMs);
  });
  return { ...(await listenFor(target, server, () => sockets)), delay: (ms) => void (delayMs = ms) };
}
