import type { IncomingMessage } from "node:http";
import { noContent } from "./answer";
import type { Answer } from "./answer";
import { ApiError } from "./api-error";
import { PREFLIGHT_HEADERS } from "./cors";
import { isFromForeignPage, isLoopbackHost } from "./request-origin";
import type { RouteMatch } from "./router";

/** The match of a request that has an endpoint. */
export type FoundRoute = RouteMatch & { kind: "found" };

/** Whether a request reaches a handler, and what it is told if not. */
export type Admission = { kind: "admitted"; match: FoundRoute } | { kind: "refused"; answer: Answer };

/** Decides from the request line and headers alone. */
export function admit(incoming: IncomingMessage, port: number, match: RouteMatch): Admission {
  if (!isLoopbackHost(incoming.headers, port)) {
    return refuse(new ApiError("permission_denied", "the Host header does not name this sandbox", { status: 421 }));
  }
  if (match.kind === "unknown") return refuse(new ApiError("not_found", "there is no such endpoint"));
  if (match.kind === "wrong-method") return { kind: "refused", answer: otherMethod(incoming.method, match) };
  if (match.route.area === "control" && isFromForeignPage(incoming.headers)) {
    return refuse(new ApiError("permission_denied", "the sandbox's controls take no requests from other sites' pages"));
  }
  return { kind: "admitted", match };
}

function refuse(error: ApiError): Admission {
  return { kind: "refused", answer: error.answer };
}

function otherMethod(method: string | undefined, match: RouteMatch & { kind: "wrong-method" }): Answer {
  if (method === "OPTIONS" && match.area === "api") return noContent(PREFLIGHT_HEADERS);
  const allow = match.allowed.join(", ");
  return new ApiError("unimplemented", `use ${allow}`, { status: 405, headers: { allow } }).answer;
}
