import { setTimeout as delay } from "node:timers/promises";
import { json, codeOfStatus, type Answer } from "../http/answer";
import type { RequestNotes } from "../http/request";

/** The change that a fault makes to an answer. */
export type FaultEffect =
  | { kind: "status"; status: number }
  | { kind: "rate-limit"; retryAfterSeconds: number }
  | { kind: "oauth-error"; error: string }
  | { kind: "html"; status: number }
  | { kind: "wrong-shape" }
  /** A purchase check that fails for `reason`, whatever the persona, as if Sonar had found something since the last one. */
  | { kind: "check-failed"; reason: string }
  /** A list of entities with nothing in it, as Sonar's may be for a moment. */
  | { kind: "no-entities" }
  | { kind: "hang" }
  | { kind: "reset" }
  | { kind: "malformed-json" }
  | { kind: "empty-body" };

/** A fault that is switched on for one endpoint, or for every API endpoint ("*"). */
export interface Fault {
  endpoint: string;
  /** Delay in milliseconds before anything else happens. */
  latencyMs: number;
  /** Absent: only the latency. */
  effect?: FaultEffect;
  /**
   * "before": the request is not carried out. "after": it is carried out and its answer is lost or changed, as when the
   * connection breaks during a refresh that has already rotated the token.
   */
  when: "before" | "after";
  /** The number of answers left to change; absent: all, until the fault is cleared. */
  times?: number;
}

/** As `endpoint`: every API endpoint. Pages must be named. */
export const EVERY_ENDPOINT = "*";

/** The faults that are switched on: at most one for each endpoint and one for all. */
export class FaultBoard {
  private readonly faults = new Map<string, Fault>();

  /** Switches a fault on; it replaces the endpoint's earlier one. */
  set(fault: Fault): void {
    this.faults.set(fault.endpoint, fault);
  }

  /** Switches off the fault of one endpoint, or all faults. */
  clear(endpoint?: string): void {
    if (endpoint === undefined) this.faults.clear();
    else this.faults.delete(endpoint);
  }

  list(): Fault[] {
    return [...this.faults.values()];
  }

  /** The fault for this request, counted down. The endpoint's own has priority over the one for all. */
  take(endpoint: string, coveredByAll: boolean): Fault | undefined {
    const fault = this.faults.get(endpoint) ?? (coveredByAll ? this.faults.get(EVERY_ENDPOINT) : undefined);
    if (fault?.times === undefined) return fault;
    const left = fault.times - 1;
    if (left > 0) this.faults.set(fault.endpoint, { ...fault, times: left });
    else this.faults.delete(fault.endpoint);
    return fault;
  }
}

/** The result that reaches the client: an answer or none. */
export type Delivery = { kind: "answer"; answer: Answer } | { kind: "hang" } | { kind: "reset" };

/** Makes the body of a service's error for a status. */
export type ErrorBody = (status: number) => unknown;

/** The delivery that an effect puts in place of the answer. */
function applyEffect(effect: FaultEffect, errorBody: ErrorBody = echoErrorBody): Delivery {
  switch (effect.kind) {
    case "hang":
    case "reset":
      return { kind: effect.kind };
    case "status":
      return { kind: "answer", answer: json(errorBody(effect.status), effect.status) };
    case "rate-limit":
      return { kind: "answer", answer: json(errorBody(429), 429, { "retry-after": String(effect.retryAfterSeconds) }) };
    case "oauth-error":
      return { kind: "answer", answer: json({ error: effect.error, error_description: "sandbox fault" }, 400) };
    case "check-failed":
      return {
        kind: "answer",
        answer: json({ ReadyToPurchase: false, FailureReason: effect.reason, LivenessCheckURL: "" }),
      };
    case "no-entities":
      return { kind: "answer", answer: json({ Entities: [] }) };
    case "html":
      return { kind: "answer", answer: htmlAnswer(effect.status) };
    case "wrong-shape":
      return { kind: "answer", answer: json({ unexpected: [1, 2, 3] }) };
    case "malformed-json":
      return { kind: "answer", answer: { ...json(null), body: '{"Entities":[{"Label":"Ada' } };
    case "empty-body":
      return { kind: "answer", answer: { ...json(null), body: "" } };
  }
}

function echoErrorBody(status: number): unknown {
  return { code: codeOfStatus(status), message: `sandbox fault: status ${status}`, details: null };
}

/** The page of a gateway whose service is down. */
function htmlAnswer(status: number): Answer {
  const body = `<!doctype html><title>${status}</title><h1>${status}</h1>`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

/** Answers under a fault, if there is one. Rejects if `closing` aborts during the added latency. */
export async function withFault(
  fault: Fault | undefined,
  notes: RequestNotes,
  { closing, errorBody }: { closing: AbortSignal; errorBody?: ErrorBody },
  answer: () => Promise<Answer>,
): Promise<Delivery> {
  if (!fault) return { kind: "answer", answer: await answer() };
  notes.fault = fault.effect?.kind ?? "latency";
  if (fault.latencyMs > 0) await delay(fault.latencyMs, undefined, { signal: closing });
  if (!fault.effect) return { kind: "answer", answer: await answer() };
  if (fault.when === "after") await answer();
  return applyEffect(fault.effect, errorBody);
}
