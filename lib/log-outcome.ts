import "server-only";
import type { Log, LogFields } from "@/lib/log";
import type { Failure, Result } from "@/lib/result";

type Level = "warn" | "error";

/** For what this site does on its own account: where the user can do nothing, somebody has to be told. */
export function siteFault({ recovery }: Failure): Level {
  return recovery === "none" ? "error" : "warn";
}

/** One line about how something ended; a failure by its code and the upstream's status. */
export function logOutcome(
  log: Log,
  event: string,
  fields: LogFields,
  result: Result<unknown>,
  levelOf: (failure: Failure) => Level = () => "warn",
): void {
  if (result.ok) return log.info(event, fields);
  const { code, status } = result.error;
  log[levelOf(result.error)](event, { ...fields, code, status });
}
