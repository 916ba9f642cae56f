import { setTimeout as delay } from "node:timers/promises";
import type { Answer } from "../http/answer";
import type { RequestNotes } from "../http/sandbox-request";
import type { Fault } from "./fault";
import { spoil } from "./spoil";
import type { Delivery, ErrorBody } from "./spoil";

/** Answers under a fault, if there is one. Rejects when `closing` aborts during added latency. */
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
  return spoil(fault.effect, errorBody);
}
