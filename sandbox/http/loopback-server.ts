import { createServer } from "node:http";
import type { Server } from "node:http";

/** Listens on 127.0.0.1 only. Rejects with Node's own error, e.g. code EADDRINUSE. */
export function listenOnLoopback(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve({ server, port: typeof address === "object" && address !== null ? address.port : port });
    });
  });
}

/** Whether starting failed because something has the port. */
export function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** Stops listening and ends every socket, so that an answer that hangs on purpose cannot keep the process alive. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
