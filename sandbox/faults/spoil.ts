import type { Answer } from "../http/answer";
import { json } from "../http/answer";
import { codeOfStatus } from "../http/api-error";
import type { FaultEffect } from "./fault";

/** What reaches the client under a fault: an answer, or none. */
export type Delivery = { kind: "answer"; answer: Answer } | { kind: "hang" } | { kind: "reset" };

/** Decides what a fault's effect does to an answer. */
export function spoil(effect: FaultEffect): Delivery {
  switch (effect.kind) {
    case "hang":
    case "reset":
      return { kind: effect.kind };
    case "status":
      return { kind: "answer", answer: errorAnswer(effect.status) };
    case "rate-limit":
      return { kind: "answer", answer: errorAnswer(429, { "retry-after": String(effect.retryAfterSeconds) }) };
    case "malformed-json":
      return { kind: "answer", answer: { ...json(null), body: '{"Entities":[{"Label":"Ada' } };
    case "empty-body":
      return { kind: "answer", answer: { ...json(null), body: "" } };
  }
}

function errorAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = { code: codeOfStatus(status), message: `sandbox fault: status ${status}`, details: null };
  return json(body, status, headers);
}
