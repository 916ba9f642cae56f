import type { Answer } from "./answer";
import type { SandboxRequest } from "./sandbox-request";

/**
 * Who calls a route. "api": programs (CORS, all faults, logged); "page": people (faults by name, logged); "control":
 * programs that steer the sandbox (no foreign pages, no faults, not logged); "panel": people who do.
 */
export type RouteArea = "api" | "page" | "control" | "panel";

/** One endpoint. Segments of `path` that begin with ":" match any one segment. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  area: RouteArea;
  handle(request: SandboxRequest): Answer | Promise<Answer>;
}

/** What the router says about a method and path. */
export type RouteMatch =
  | { kind: "found"; route: Route; params: Readonly<Record<string, string>> }
  | { kind: "wrong-method"; area: RouteArea; allowed: readonly string[] }
  | { kind: "unknown" };

/** Finds the route for a request; tells an unknown path (404) from a wrong method (405). */
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
