/** What goes wrong with an answer. */
export type FaultEffect =
  | { kind: "status"; status: number }
  | { kind: "rate-limit"; retryAfterSeconds: number }
  | { kind: "oauth-error"; error: string }
  | { kind: "html"; status: number }
  | { kind: "wrong-shape" }
  /** A purchase check that says no for `reason`, whatever the persona: Sonar has found something since the last one. */
  | { kind: "check-failed"; reason: string }
  | { kind: "hang" }
  | { kind: "reset" }
  | { kind: "malformed-json" }
  | { kind: "empty-body" };

/** A fault that was switched on for one endpoint, or for every API endpoint ("*"). */
export interface Fault {
  endpoint: string;
  /** Milliseconds added before anything else happens. */
  latencyMs: number;
  /** Absent: only the latency. */
  effect?: FaultEffect;
  /**
   * "before": the request has no effect. "after": it is carried out and its answer is lost or spoilt, as when the
   * connection breaks during a refresh that has already rotated the token.
   */
  when: "before" | "after";
  /** Answers still to be spoilt; absent: until it is cleared. */
  times?: number;
}

/** In `endpoint`: every API endpoint (pages must be named). */
export const EVERY_ENDPOINT = "*";
