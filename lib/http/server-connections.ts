import "server-only";
import { subscribe } from "node:diagnostics_channel";
import { IncomingMessage, Server } from "node:http";
import { Socket } from "node:net";

/** Time for a request that is still arriving when the server stops listening (milliseconds). Afterwards its connection is closed. */
const ARRIVAL_MS = 3_000;

function fieldOf(message: unknown, name: string): unknown {
  return typeof message === "object" && message !== null ? Reflect.get(message, name) : undefined;
}

/** The latest request of each open connection; undefined before its first one. */
type Connections = Map<Socket, IncomingMessage | undefined>;

function watchConnections(): Connections {
  const connections: Connections = new Map();
  subscribe("net.server.socket", (message) => {
    const socket = fieldOf(message, "socket");
    if (!(socket instanceof Socket)) return;
    connections.set(socket, undefined);
    socket.once("close", () => connections.delete(socket));
  });
  subscribe("http.server.request.start", (message) => {
    const [request, socket] = [fieldOf(message, "request"), fieldOf(message, "socket")];
    if (request instanceof IncomingMessage && socket instanceof Socket) connections.set(socket, request);
  });
  return connections;
}

/**
 * Replaces `X-Forwarded-For` by the connection's own address. Next passes on what a client has written there, so that without a proxy in front
 * everybody could choose the address that the limits count.
 */
export function distrustForwardedFor(): void {
  subscribe("http.server.request.start", (message) => {
    const [request, socket] = [fieldOf(message, "request"), fieldOf(message, "socket")];
    if (!(request instanceof IncomingMessage) || !(socket instanceof Socket)) return;
    request.headers["x-forwarded-for"] = socket.remoteAddress ?? "";
  });
}

/**
 * Keeps idle connections open for `seconds`. The returned function lets a server that stops listening end within seconds. A load balancer
 * sends requests over connections that it keeps, and answers 502 if the server closes one at that moment, so the server has to keep them
 * longer than the balancer. Node's channels reach Next's server however it was started: `npm start`, a container's `server.js`, or a server
 * of your own.
 */
export function keepConnections(seconds: number): () => void {
  const connections = watchConnections();
  subscribe("http.server.response.finish", (message) => {
    const server = fieldOf(message, "server");
    // Node reads the time right after this. A server that ends would otherwise wait for the connection of its last answer.
    if (server instanceof Server) server.keepAliveTimeout = server.listening ? seconds * 1_000 : 1;
  });
  // Node waits without an end for a connection on which no request, or only a part of one, has arrived: browsers and balancers open spare ones.
  const closeUnused = () => {
    for (const [socket, request] of connections) if (request?.complete !== true) socket.destroy();
  };
  return () => void setTimeout(closeUnused, ARRIVAL_MS).unref();
}
