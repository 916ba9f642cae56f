import "server-only";

/** A log line at error level. It has no field for a message, a user or an address (`LogFields` in `lib/http/log.ts`). */
export interface ErrorReport {
  event: string;
  requestId: string;
  fields: object;
}

/** The place from which a fork forwards the server's errors. This site leaves them in the log. */
export function forwardError(_report: ErrorReport): void {}
