import "server-only";
import { processGlobal } from "@/lib/process-global";

/** Turns the frames that V8 keeps for a stack nobody has read into text; the frames, and all they lead to, can then be collected. */
function formatStack(reason: unknown): void {
  if (reason instanceof Error) void reason.stack;
}

/**
 * Keeps the reason of an aborted signal from holding requests that are over. After every render React aborts a controller of its own
 * with an `Error` (react/react#37288). While the stack of that error is unread, it holds the `Immediate` that ran the render, and, on Node
 * before 24.20, through its neighbours in the queue the stores of other requests (nodejs/node#66129): with loads that overlap, nothing is
 * let go of, and a server with little memory dies within minutes. `tests/integration/app-overlap.test.ts` tells when this can go.
 */
export function releaseAbortStacks(): void {
  processGlobal("abort-stacks", () => {
    const { abort } = AbortController.prototype;
    AbortController.prototype.abort = function abortAndRelease(reason?: unknown) {
      abort.call(this, reason);
      // Also the reason that the platform makes when none is given.
      formatStack(this.signal.reason);
    };
    return true;
  });
}
