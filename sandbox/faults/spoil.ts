import type { Answer } from "../http/answer";
import { json } from "../http/answer";
import { codeOfStatus } from "../http/api-error";
import type { FaultEffect } from "./fault";

/** What reaches the client under a fault: an answer, or none. */
export type Delivery = { kind: "answer"; answer: Answer } | { kind: "hang" } | { kind: "reset" };

/** How a service's API words an error of a status. */
export type ErrorBody = (status: number) => unknown;

/** Decides what a fault's effect does to an answer. */
export function spoil(effect: FaultEffect, errorBody: ErrorBody = echoErrorBody): Delivery {
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

/** What a gateway in front of a service shows when that is down. */
function htmlAnswer(status: number): Answer {
  const body = `<!doctype html><title>${status}</title><h1>${status}</h1>`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}
