import type { IncomingMessage, RequestListener } from "node:http";
import type { FaultBoard } from "../faults/fault-board";
import type { Delivery, ErrorBody } from "../faults/spoil";
import { withFault } from "../faults/with-fault";
import { admit } from "./admit";
import type { FoundRoute } from "./admit";
import type { Answer } from "./answer";
import { AnswerError } from "./answer-error";
import { ApiError } from "./api-error";
import { CORS_HEADERS } from "./cors";
import { deliver } from "./deliver";
import { readBody } from "./read-body";
import type { RequestLog } from "./request-log";
import { matchRoute } from "./router";
import type { Route, RouteArea, RouteMatch } from "./router";
import type { RequestNotes, SandboxRequest } from "./sandbox-request";
import { splitTarget } from "./split-target";

/** What one sandbox service (Echo, say) is made of. */
export interface Service {
  port: number;
  routes: readonly Route[];
  faults: FaultBoard;
  log: RequestLog;
  /** How its API words an error of a status, for faults; absent: as Echo does. */
  errorBody?: ErrorBody;
  /** Aborts when the service closes, so that added latency does not outlive it. */
  closing: AbortSignal;
}

/** Turns a service into a node:http listener. Nothing is thrown to the server. */
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
  // The controls stay out of the log: reading it would fill it.
  const entry = isControl(areaOf(match)) ? undefined : service.log.begin(method, target.path);
  const notes: RequestNotes = entry ?? {};
  const delivery = await answerOrFault(service, incoming, match, { ...target, method, notes });
  if (entry && delivery.kind === "answer") entry.status = delivery.answer.status;
  return delivery;
}

type Head = Target & Pick<SandboxRequest, "method" | "notes">;

function answerOrFault(service: Service, incoming: IncomingMessage, match: RouteMatch, head: Head): Promise<Delivery> {
  const admission = admit(incoming, service.port, match);
  if (admission.kind === "refused") return Promise.resolve({ kind: "answer", answer: admission.answer });
  const { route } = admission.match;
  const fault = isControl(route.area) ? undefined : service.faults.take(route.path, route.area === "api");
  const answer = () => handle(admission.match, incoming, head);
  return withFault(fault, head.notes, service, answer);
}

async function handle({ route, params }: FoundRoute, incoming: IncomingMessage, head: Head): Promise<Answer> {
  try {
    const body = await readBody(incoming);
    return await route.handle({ ...head, params, headers: incoming.headers, body });
  } catch (error) {
    if (error instanceof AnswerError) return error.answer;
    console.error(`sandbox: ${head.method} ${route.path} failed`, error);
    return new ApiError("internal", "the sandbox has a defect, its log says more").answer;
  }
}

function isControl(area: RouteArea | undefined): boolean {
  return area === "control" || area === "panel";
}

function areaOf(match: RouteMatch): RouteArea | undefined {
  if (match.kind === "unknown") return undefined;
  return match.kind === "found" ? match.route.area : match.area;
}
