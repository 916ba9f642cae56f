import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";

/** A request with its body. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  body: string;
}

/** A test's answer to a request; without an answer the client keeps waiting. */
export type Handler = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

/** An HTTP server of one test, on 127.0.0.1. */
export interface LocalServer {
  origin: string;
  /** All requests so far, in order. */
  requests: ReceivedRequest[];
  close(): Promise<void>;
}

/** Answers with JSON. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const { method = "", url = "", headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks).toString() };
}

/** Starts a server that answers as the test decides. */
export async function startLocalServer(handle: Handler): Promise<LocalServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer((incoming, response) => {
    void receive(incoming).then((request) => {
      requests.push(request);
      return handle(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port");
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    // Unanswered requests would keep it open.
    server.closeAllConnections();
    await closed;
  };
  return { origin: `http://127.0.0.1:${address.port}`, requests, close };
}

/** Starts another site whose pages all have this markup. */
export function startForeignSite(markup: string): Promise<LocalServer> {
  return startLocalServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "text/html" }).end(`<link rel="icon" href="data:,">${markup}`);
  });
}

/** One address for several instances of the app, as production has it. The Host header stays as the browser sent it. */
export interface LoadBalancer {
  /** On localhost, where the app's cookies are. */
  url: string;
  /** Sends requests to these origins, in turn. */
  sendTo(...origins: string[]): void;
  close(): Promise<void>;
}

/** Starts a load balancer that has no targets yet. */
export async function startLoadBalancer(): Promise<LoadBalancer> {
  let targets: readonly string[] = [];
  let count = 0;
  const server = await startLocalServer(({ method, path, headers, body }, response) => {
    const target = targets[count % targets.length] ?? "";
    count += 1;
    // Each request has its own connection: the app may close a kept one at the moment of its next use.
    const once = { method, headers: { ...headers, connection: "close" }, agent: false };
    const forwarded = request(target + path, once, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.once("error", () => response.destroy()).end(body);
  });
  const url = `http://localhost:${new URL(server.origin).port}`;
  const sendTo = (...origins: string[]) => void (targets = origins);
  return { url, sendTo, close: () => server.close() };
}

/** Below the range of ports for outgoing connections, so that a free port stays free for a while. */
const LOWEST = 15_000;
const HIGHEST = 30_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createTcpServer().once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

/** The first of `count` free TCP ports in a row on 127.0.0.1. */
export async function freePorts(count: number): Promise<number> {
  const first = randomInt(LOWEST, HIGHEST - count);
  const states = await Promise.all(Array.from({ length: count }, (_, offset) => isFree(first + offset)));
  return states.every(Boolean) ? first : freePorts(count);
}

/** A free TCP port of 127.0.0.1. */
export function freePort(): Promise<number> {
  return freePorts(1);
}
