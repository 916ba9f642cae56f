import { connect, createServer, type Socket } from "node:net";
import { listenFor, type ProxyServer } from "@/tests/support/database/proxy-server";

/** A proxy in front of a Postgres that counts questions which wait for each other. */
export interface RoundTripCounter extends ProxyServer {
  /** Runs `work` and returns the number of times that it had to wait for the database, one after the other. */
  count(work: () => Promise<unknown>): Promise<number>;
}

/** Answers are held until no further question has come for this long (milliseconds): these were asked side by side. */
const QUIET_MS = 250;

/** Starts the proxy. While it counts, it lets all held answers go at once: what is asked afterwards was waiting for one of them. */
export async function startRoundTripCounter(target: string): Promise<RoundTripCounter> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let counting = false;
  let rounds = 0;
  const held: (() => void)[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    timer = undefined;
    if (held.length > 0 && counting) rounds++;
    for (const send of held.splice(0)) send();
  };
  const hold = (send: () => void) => {
    if (!counting) return send();
    held.push(send);
    wait();
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(release, QUIET_MS);
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket.on("error", () => undefined));
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (chunk) => {
      upstream.write(chunk);
      if (held.length > 0) wait();
    });
    upstream.on("data", (chunk) => hold(() => void client.write(chunk)));
    client.on("end", () => upstream.end());
    upstream.on("end", () => hold(() => void client.end()));
  });
  return {
    ...(await listenFor(target, server, () => sockets)),
    async count(work) {
      [counting, rounds] = [true, 0];
      try {
        await work();
        return rounds;
      } finally {
        counting = false;
        release();
      }
    },
  };
}
