import "server-only";
import pino from "pino";
import type { ErrorFields } from "@/lib/error-fields";
import type { FailureCode } from "@/lib/failure-table";
import type { ProviderId } from "@/lib/oauth/provider";
import { processGlobal } from "@/lib/process-global";

/**
 * All that a log line may hold. There is no field for a message, a URL, a user or a body, so that no code, state, token,
 * email or address can get into the log by accident.
 */
export interface LogFields extends Partial<ErrorFields> {
  provider?: ProviderId;
  /** An issuer as it is configured. */
  issuer?: string;
  code?: FailureCode;
  /** HTTP status of the upstream answer. */
  status?: number;
  durationMs?: number;
  /** Name of the action, route or upstream call. */
  call?: string;
  /** Which encryption key a row needs: a few characters of a hash of it, which tell nothing about the key. */
  keyId?: string;
  /** Reference that Next shows for an error it hides from the browser. */
  digest?: string;
}

/** Writes one line about an event of one request. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** For what an operator must look at, e.g. credentials that a provider refuses. */
  error(event: string, fields?: LogFields): void;
}

function root(): pino.Logger {
  return processGlobal("log", () => pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }));
}

/** A log whose lines carry the request's id (or "-" outside a request). */
export function requestLog(requestId: string): Log {
  const logger = root().child({ requestId });
  return {
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}
