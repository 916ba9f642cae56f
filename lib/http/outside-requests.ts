import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { context } from "@opentelemetry/api";
import { processGlobal } from "@/lib/http/process-global";

/**
 * Runs work as if no request had begun it, in its trace. What Next's `fetch` and clocks do depends on the request in whose course they are called:
 * of one that asks for a page to be prepared (`Next-Router-Prefetch: 2`), a call of an upstream never gets an answer. Visitors share what was read
 * once, so that somebody who sent such requests took the sale away from all of them (issue 13).
 *
 * The first call in a process tells what "outside" is: `startUp` makes it.
 */
export function outsideRequests<T>(work: () => T): T {
  const leave = processGlobal("outside-requests", () => AsyncLocalStorage.snapshot());
  const current = context.active();
  return leave(() => context.with(current, work));
}
