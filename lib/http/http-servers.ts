import "server-only";
import { subscribe } from "node:diagnostics_channel";
import { Server as HttpServer } from "node:http";
import { Server as HttpsServer } from "node:https";

/** A server of this app: over https only in development (`--experimental-https`). */
export type AppServer = HttpServer | HttpsServer;

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function isHttpServer(value: unknown): value is AppServer {
  return value instanceof HttpServer || value instanceof HttpsServer;
}

function listensAt(server: AppServer, port: number): boolean {
  const address = server.address();
  return typeof address === "object" && address?.port === port;
}

/**
 * Calls `equip` with the server of this app, at its first connection and before the first request. Node's channel reaches Next's server
 * however it was started: `npm start`, a container's `server.js`, or `npm run dev`. Other servers of this process, those of the sandbox say, are
 * on other ports.
 */
export function equipServer(port: number, equip: (server: AppServer) => void): void {
  const equipped = new WeakSet<AppServer>();
  subscribe("net.server.socket", (message) => {
    const server = fieldOf(fieldOf(message, "socket"), "server");
    if (!isHttpServer(server) || equipped.has(server) || !listensAt(server, port)) return;
    equipped.add(server);
    equip(server);
  });
}
