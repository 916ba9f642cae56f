import { once } from "node:events";
import type { Server, Socket } from "node:net";

/** The part that all proxies in front of a database have. */
export interface ProxyServer {
  /** The target's URL through the proxy. */
  url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Lets a proxy for the server that `target` names listen on a free port. `sockets` are those that it has open when it is closed. */
export async function listenFor(target: string, server: Server, sockets: () => Iterable<Socket>): Promise<ProxyServer> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port");
  return {
    url: Object.assign(new URL(target), { port: String(address.port) }).href,
    async close() {
      for (const socket of sockets()) socket.destroy();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}
