import "server-only";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import type { AppServer } from "@/lib/http/http-servers";

/** Times within which a request has to arrive and its answer to be taken, in seconds. None limits how long an answer may take to be made. */
export interface ArrivalLimits {
  /** The request line and headers: from the opening of a connection, or from the first byte on one that is kept. */
  headersSeconds: number;
  /** The whole request, its body included: from the first byte. */
  requestSeconds: number;
  /** Without a byte in either direction, while a request is answered: somebody who reads nothing holds an answer in memory. */
  stalledSeconds: number;
}

/** Node closes a late connection at its next look, so that this much time comes on top of a limit. */
const LONGEST_BETWEEN_LOOKS_MS = 5_000;

function timeBetweenLooks({ headersSeconds, requestSeconds }: ArrivalLimits): number {
  return Math.min(LONGEST_BETWEEN_LOOKS_MS, (Math.min(headersSeconds, requestSeconds) * 1_000) / 4);
}

/** Node's own listener that begins to look after its connections every `connectionsCheckingInterval` milliseconds. */
const STARTS_LOOKING = "setupConnectionsTracking";

/**
 * Closes connections whose request arrives too slowly, with a 408. Each holds memory and a file descriptor, and somebody who sends a byte
 * now and then can hold thousands (Slowloris). Node's own limits are a minute for headers and five for a request, and it looks every 30 seconds.
 * It reads the interval when a server begins to listen, which has happened before any code of this app runs: so its listener is called once
 * more, which replaces the timer. Without that listener, in another version of Node, the limits hold all the same, 30 seconds later.
 */
export function limitArrival(server: AppServer, limits: ArrivalLimits): void {
  server.headersTimeout = limits.headersSeconds * 1_000;
  server.requestTimeout = limits.requestSeconds * 1_000;
  server.timeout = limits.stalledSeconds * 1_000;
  Object.assign(server, { connectionsCheckingInterval: timeBetweenLooks(limits) });
  const startLooking = server.listeners("listening").find(({ name }) => name === STARTS_LOOKING);
  startLooking?.call(server);
}

/** The share of a process's files that connections of clients may have. The rest is for the database, upstreams and the server's own code. */
const SHARE_OF_CLIENTS = 0.6;

/** The number of files that this process may have open; undefined where the system does not tell. Node has raised it to the highest that it may be. */
export function mostFiles(): number | undefined {
  try {
    const [, limit] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/**
 * Closes connections that would take the last of the process's files. Code that could not be read then is never read again: the pages that need
 * it would answer 500 until a restart, to which 1,100 idle connections of one client were enough (issue 13).
 */
export function limitConnections(server: AppServer, files = mostFiles()): void {
  if (files !== undefined) server.maxConnections = Math.max(1, Math.floor(files * SHARE_OF_CLIENTS));
}

/** The most chunks of a body. A proxy or a network makes some fifty of the largest one; 65,000 of a byte each hold a process for two seconds. */
const MOST_CHUNKS = 2_048;

/** Closes the connection of a request whose body comes in more chunks than any client sends: each of them passes through several streams. */
export function limitChunks(request: IncomingMessage): void {
  if (request.headers["transfer-encoding"] === undefined) return;
  const push = request.push.bind(request);
  let chunks = 0;
  request.push = (chunk, encoding) => {
    chunks += 1;
    if (chunks <= MOST_CHUNKS) return push(chunk, encoding);
    request.socket.destroy();
    return false;
  };
}
