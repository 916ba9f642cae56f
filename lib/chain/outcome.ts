/** What became of one call of a `multicall`. */
export type Outcome<T> =
  { status: "success"; result: T; error?: undefined } | { status: "failure"; error: Error; result?: undefined };

/** The value of a call without which there is no answer. Throws the error that viem gives for it. */
export function required<T>(outcome: Outcome<T>): T {
  if (outcome.status === "failure") throw outcome.error;
  return outcome.result;
}
