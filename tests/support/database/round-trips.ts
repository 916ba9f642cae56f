import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A proxy in front of a Postgres that counts questions which wait for each other. */
export interface RoundTripCounter {
  /** The same URL through the proxy. */
  url: string;
  /** Runs `work` and returns the number of times that it had to wait for the database, one after the other. */
  count(work: () => Promise<unknown>): Promise<number>;
  close(): Promise<void>;
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port");
  return {
    url: Object.assign(new URL(target), { port: String(address.port) }).href,
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
    async close() {
      for (const socket of sockets) socket.destroy();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}
