import { createServer, type IncomingMessage, type RequestListener, type ServerResponse, type Server } from "node:http";
import { withFault, type FaultBoard, type Delivery, type ErrorBody } from "../faults/fault";
import {
  admit,
  CORS_HEADERS,
  matchRoute,
  type FoundRoute,
  type Route,
  type RouteArea,
  type RouteMatch,
  type ServiceAddress,
} from "./router";
import { AnswerError, ApiError, type Answer } from "./answer";
import { readBody, splitTarget, type RequestNotes, type SandboxRequest } from "./request";
import { loggedBody } from "./redact";
import type { RequestLog } from "./request-log";

/** The parts of one sandbox service, e.g. Echo. */
export interface Service extends ServiceAddress {
  routes: readonly Route[];
  faults: FaultBoard;
  log: RequestLog;
  /** The body of the API's error for a status, used by faults; absent: Echo's. */
  errorBody?: ErrorBody;
  /** Aborts when the service closes, so that no delayed answer outlives it. */
  closing: AbortSignal;
}

/** Turns a service into a `node:http` listener, which never throws to the server. */
export function requestListener(service: Service): RequestListener {
  return (incoming, outgoing) => {
    const { path, query } = splitTarget(incoming.url ?? "/");
    const match = matchRoute(service.routes, incoming.method ?? "", path);
    const headers = areaOf(match) === "api" ? CORS_HEADERS : {};
    serve(service, incoming, match, { path, query }).then(
      (delivery) => deliver(delivery, headers, outgoing),
      () => outgoing.destroy(),
    );
  };
}

type Target = Pick<SandboxRequest, "path" | "query">;

async function serve(
  service: Service,
  incoming: IncomingMessage,
  match: RouteMatch,
  target: Target,
): Promise<Delivery> {
  const method = incoming.method ?? "";
  // Controls are not logged: reading the log would fill it.
  const entry = isControl(areaOf(match)) ? undefined : service.log.begin(method, target.path);
  const notes: RequestNotes = entry ?? {};
  const began = performance.now();
  const read: { body?: string } = {};
  const delivery = await answerOrFault(service, incoming, match, { ...target, method, notes, read });
  if (entry && delivery.kind === "answer") {
    const { status, headers, body } = delivery.answer;
    const request = loggedBody(read.body ?? "", incoming.headers["content-type"]);
    const response = loggedBody(body, headers["content-type"]);
    service.log.end(entry, status, Math.round(performance.now() - began), { request, response });
  }
  return delivery;
}

/** `read` gets the body, for the log. */
type Head = Target & Pick<SandboxRequest, "method" | "notes"> & { read: { body?: string } };

function answerOrFault(service: Service, incoming: IncomingMessage, match: RouteMatch, head: Head): Promise<Delivery> {
  const admission = admit(incoming, service, match);
  if (admission.kind === "rejected") return Promise.resolve({ kind: "answer", answer: admission.answer });
  const { route } = admission.match;
  const fault = isControl(route.area) ? undefined : service.faults.take(route.path, route.area === "api");
  const answer = () => handle(admission.match, incoming, head);
  return withFault(fault, head.notes, service, answer);
}

async function handle(
  { route, params }: FoundRoute,
  incoming: IncomingMessage,
  { read, ...head }: Head,
): Promise<Answer> {
  try {
    const body = await readBody(incoming);
    read.body = body;
    return await route.handle({ ...head, params, headers: incoming.headers, body });
  } catch (error) {
    if (error instanceof AnswerError) return error.answer;
    console.error(`sandbox: ${head.method} ${route.path} failed`, error);
    return new ApiError("internal", "internal error of the sandbox; see its log").answer;
  }
}

function isControl(area: RouteArea | undefined): boolean {
  return area === "control" || area === "panel";
}

function areaOf(match: RouteMatch): RouteArea | undefined {
  if (match.kind === "unknown") return undefined;
  return match.kind === "found" ? match.route.area : match.area;
}

/** No answer may be cached: some hold tokens, and a click on the controls changes any of them. */
const COMMON_HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** Sends a delivery; "hang" leaves the connection open until the client or `close()` ends it. */
function deliver(delivery: Delivery, headers: Readonly<Record<string, string>>, outgoing: ServerResponse): void {
  switch (delivery.kind) {
    case "hang":
      return;
    case "reset":
      outgoing.socket?.resetAndDestroy();
      return;
    case "answer":
      outgoing.writeHead(delivery.answer.status, { ...COMMON_HEADERS, ...headers, ...delivery.answer.headers });
      outgoing.end(delivery.answer.body);
  }
}

/** A server that listens, without any answers yet. */
export interface Listening extends ServiceAddress {
  server: Server;
}

/** The network interfaces to listen on: this machine's own, unless other machines know it by a name. */
function interfaceFor(hosts: readonly string[]): string {
  return hosts.length > 0 ? "0.0.0.0" : "127.0.0.1";
}

/** Listens on 127.0.0.1 only, unless there are further host names. Rejects with Node's own error, e.g. code EADDRINUSE. */
export function listen(port: number, hosts: readonly string[] = []): Promise<Listening> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: interfaceFor(hosts), port }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve({ server, hosts, port: typeof address === "object" && address !== null ? address.port : port });
    });
  });
}

/** True if a start failed because the port is in use. */
export function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

/** Stops listening and ends every socket, so that no answer that hangs on purpose keeps the process alive. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
