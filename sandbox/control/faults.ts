import { json, noContent } from "../http/answer";
import type { Answer } from "../http/answer";
import type { Route } from "../http/router";
import type { SandboxRequest } from "../http/sandbox-request";
import { parseFault } from "../faults/parse-fault";
import type { FaultBoard } from "../faults/fault-board";
import { controlBody } from "./control-body";

interface HasFaults {
  faults: FaultBoard;
}

/** The paths that a fault can be switched on for. */
export function faultEndpoints(routes: readonly Route[]): string[] {
  return [...new Set(routes.map((route) => route.path))];
}

/** GET /sandbox/faults. */
export function listFaults({ faults }: HasFaults): Answer {
  return json({ faults: faults.list() });
}

/** PUT /sandbox/faults: switches one fault on, in place of the endpoint's earlier one. */
export function setFault({ faults }: HasFaults, request: SandboxRequest, endpoints: readonly string[]): Answer {
  const body = controlBody(request, ["endpoint", "times", "latencyMs", "when", "effect"]);
  faults.set(parseFault(body, endpoints));
  return listFaults({ faults });
}

/** DELETE /sandbox/faults: all of them, or with `?endpoint=` one. */
export function clearFaults({ faults }: HasFaults, request: SandboxRequest): Answer {
  faults.clear(request.query.get("endpoint") ?? undefined);
  return noContent();
}
