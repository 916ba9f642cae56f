import type { IncomingMessage } from "node:http";
import { noContent, ApiError, type Answer } from "./answer";
import { isFromForeignPage, isOwnHost, type SandboxRequest } from "./request";

/**
 * The callers of a route. "api": programs (CORS, all faults, logged); "page": people (faults by name, logged); "control":
 * programs that control the sandbox (no foreign pages, no faults, not logged); "panel": people who control it.
 */
export type RouteArea = "api" | "page" | "control" | "panel";

/** One endpoint. A segment of `path` that begins with ":" matches any one segment. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  area: RouteArea;
  handle(request: SandboxRequest): Answer | Promise<Answer>;
}

/** The router's answer for a method and path. */
export type RouteMatch =
  | { kind: "found"; route: Route; params: Readonly<Record<string, string>> }
  | { kind: "wrong-method"; area: RouteArea; allowed: readonly string[] }
  | { kind: "unknown" };

/** Finds the route for a request; distinguishes an unknown path (404) from a wrong method (405). */
export function matchRoute(routes: readonly Route[], method: string, path: string): RouteMatch {
  const candidates = routes.flatMap((route) => {
    const params = matchPath(route.path, path);
    return params ? [{ route, params }] : [];
  });
  const found = candidates.find(({ route }) => route.method === method);
  if (found) return { kind: "found", ...found };
  const [first] = candidates;
  if (!first) return { kind: "unknown" };
  return { kind: "wrong-method", area: first.route.area, allowed: candidates.map(({ route }) => route.method) };
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split("/");
  const given = path.split("/");
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? "";
    if (segment.startsWith(":")) params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}

/** Browsers call Echo's API too. A bearer token is no ambient credential, so any origin may read the answers. */
export const CORS_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "retry-after",
} as const;

/** The answer to a preflight. sonar-core sends a JSON content type and the authorization header. */
const PREFLIGHT_HEADERS = {
  ...CORS_HEADERS,
  "access-control-allow-methods": "POST",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "600",
} as const;

/** The match of a request that has an endpoint. */
export type FoundRoute = RouteMatch & { kind: "found" };

/** A request either reaches a handler or gets this answer. */
export type Admission = { kind: "admitted"; match: FoundRoute } | { kind: "rejected"; answer: Answer };

/** The address of a service: its port, and the host names that it answers to besides this machine's own. */
export interface ServiceAddress {
  port: number;
  hosts: readonly string[];
}

/** Decides by the request line and the headers alone. */
export function admit(incoming: IncomingMessage, { port, hosts }: ServiceAddress, match: RouteMatch): Admission {
  if (!isOwnHost(incoming.headers, port, hosts)) {
    return reject(
      new ApiError(
        "permission_denied",
        "the Host header does not name this sandbox; SANDBOX_HOSTS lists further names",
        { status: 421 },
      ),
    );
  }
  if (match.kind === "unknown") return reject(new ApiError("not_found", "there is no such endpoint"));
  if (match.kind === "wrong-method") return { kind: "rejected", answer: otherMethod(incoming.method, match) };
  if (match.route.area === "control" && isFromForeignPage(incoming.headers)) {
    return reject(
      new ApiError("permission_denied", "the sandbox's controls accept no requests from pages of other sites"),
    );
  }
  return { kind: "admitted", match };
}

function reject(error: ApiError): Admission {
  return { kind: "rejected", answer: error.answer };
}

function otherMethod(method: string | undefined, match: RouteMatch & { kind: "wrong-method" }): Answer {
  if (method === "OPTIONS" && match.area === "api") return noContent(PREFLIGHT_HEADERS);
  const allow = match.allowed.join(", ");
  return new ApiError("unimplemented", `use ${allow}`, { status: 405, headers: { allow } }).answer;
}
