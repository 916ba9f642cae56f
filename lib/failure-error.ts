import type { FailureCode, Recovery } from "@/lib/failure-table";
import { failure, type Failure } from "@/lib/result";

/** A Failure as the `Error` that sonar-react's hooks return, with what the UI needs to offer a way on. */
export class FailureError extends Error {
  override readonly name = "FailureError";
  readonly code: FailureCode;
  readonly recovery: Recovery;

  constructor(readonly failure: Failure) {
    super(failure.message);
    this.code = failure.code;
    this.recovery = failure.recovery;
  }
}

/** The Failure of an error that a hook returned. */
export function failureOf(error: Error): Failure {
  return error instanceof FailureError ? error.failure : failure("request/unexpected");
}
