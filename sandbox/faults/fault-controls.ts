import { json, noContent, type Answer } from "../http/answer";
import type { Route } from "../http/router";
import { isJsonObject, type SandboxRequest, type JsonObject } from "../http/request";
import { EVERY_ENDPOINT, type FaultBoard, type Fault, type FaultEffect } from "./fault";
import { controlBody } from "../control/controls";
import { invalidField, optionalInteger, refuseOtherFields, requireInteger, requireText } from "../http/fields";

interface HasFaults {
  faults: FaultBoard;
}

/** The paths that a fault can be set for. */
export function faultEndpoints(routes: readonly Route[]): string[] {
  return [...new Set(routes.map((route) => route.path))];
}

/** GET /sandbox/faults. */
export function listFaults({ faults }: HasFaults): Answer {
  return json({ faults: faults.list() });
}

/** PUT /sandbox/faults: switches one fault on; it replaces the endpoint's earlier one. */
export function setFault({ faults }: HasFaults, request: SandboxRequest, endpoints: readonly string[]): Answer {
  const body = controlBody(request, ["endpoint", "times", "latencyMs", "when", "effect"]);
  faults.set(parseFault(body, endpoints));
  return listFaults({ faults });
}

/** DELETE /sandbox/faults: clears all of them, or with `?endpoint=` one. */
export function clearFaults({ faults }: HasFaults, request: SandboxRequest): Answer {
  faults.clear(request.query.get("endpoint") ?? undefined);
  return noContent();
}

const MAX_LATENCY_MS = 120_000;
const MAX_TIMES = 10_000;
const EFFECT_KINDS =
  "status, rate-limit, oauth-error, check-failed, no-entities, html, wrong-shape, hang, reset, malformed-json, empty-body";

/** The fault that a control call describes. Throws ApiError 400 naming the field; `endpoints` are the permitted ones. */
function parseFault(input: JsonObject, endpoints: readonly string[]): Fault {
  refuseOtherFields(input, ["endpoint", "times", "latencyMs", "when", "effect"]);
  const times = optionalInteger(input, "times", 1, MAX_TIMES);
  const latencyMs = optionalInteger(input, "latencyMs", 0, MAX_LATENCY_MS) ?? 0;
  const effect = parseEffect(input["effect"]);
  if (effect === undefined && latencyMs === 0) throw invalidField("effect", "is required when there is no latencyMs");
  return {
    endpoint: parseEndpoint(input, endpoints),
    latencyMs,
    when: parseWhen(input["when"]),
    ...(effect !== undefined && { effect }),
    ...(times !== undefined && { times }),
  };
}

function parseEndpoint(input: JsonObject, endpoints: readonly string[]): string {
  const endpoint = requireText(input, "endpoint");
  const known = [EVERY_ENDPOINT, ...endpoints];
  if (!known.includes(endpoint)) throw invalidField("endpoint", `must be one of ${known.join(", ")}`);
  return endpoint;
}

function parseWhen(value: unknown): Fault["when"] {
  if (value === undefined) return "before";
  if (value === "before" || value === "after") return value;
  throw invalidField("when", "must be before or after");
}

function parseEffect(value: unknown): FaultEffect | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw invalidField("effect", "must be an object");
  switch (value["kind"]) {
    case "status":
      refuseOtherFields(value, ["kind", "status"]);
      return { kind: "status", status: requireInteger(value, "status", 400, 599) };
    case "rate-limit":
      refuseOtherFields(value, ["kind", "retryAfterSeconds"]);
      return { kind: "rate-limit", retryAfterSeconds: optionalInteger(value, "retryAfterSeconds", 0, 3600) ?? 30 };
    case "oauth-error":
      refuseOtherFields(value, ["kind", "error"]);
      return { kind: "oauth-error", error: requireText(value, "error") };
    case "check-failed":
      refuseOtherFields(value, ["kind", "reason"]);
      return { kind: "check-failed", reason: requireText(value, "reason") };
    case "html":
      refuseOtherFields(value, ["kind", "status"]);
      return { kind: "html", status: requireInteger(value, "status", 200, 599) };
    case "no-entities":
    case "wrong-shape":
    case "hang":
    case "reset":
    case "malformed-json":
    case "empty-body":
      refuseOtherFields(value, ["kind"]);
      return { kind: value["kind"] };
    default:
      throw invalidField("effect.kind", `must be one of ${EFFECT_KINDS}`);
  }
}
