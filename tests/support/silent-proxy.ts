import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** A way to a server on which connections can die without a word, as they do when a machine is gone. */
export interface SilentProxy {
  /** The same URL by way of the proxy. */
  url: string;
  /** From now on nothing gets through on the connections that are open; new ones work. */
  silenceOpen(): void;
  close(): Promise<void>;
}

/** Starts a TCP proxy in front of the server that `target` names. */
export async function startSilentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.pipe(upstream).pipe(client);
    for (const socket of pair) socket.on("error", () => undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port");
  const silenceOpen = () => {
    for (const [client, upstream] of pairs) {
      client.unpipe(upstream).pause();
      upstream.unpipe(client).pause();
    }
  };
  const close = async () => {
    for (const socket of [...pairs].flat()) socket.destroy();
    const closed = once(server, "close");
    server.close();
    await closed;
  };
  return { url: Object.assign(new URL(target), { port: String(address.port) }).href, silenceOpen, close };
}
