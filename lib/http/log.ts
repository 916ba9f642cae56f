import "server-only";
import pino from "pino";
import type { FailureCode } from "@/lib/failures";
import { forwardError } from "@/lib/http/forward-error";
import { processGlobal } from "@/lib/http/process-global";
import { currentTraceId } from "@/lib/http/telemetry";
import type { ProviderId } from "@/lib/oauth/provider";
import type { Failure, Result } from "@/lib/result";

/** The facts of an unexpected error that may be logged. */
interface ErrorFields {
  /** Class name. */
  errorName: string;
  /** Of the error or its cause, e.g. a SQLSTATE, `SQLITE_BUSY` or `ECONNRESET`. */
  errorCode?: string;
  /** Stack frames, the innermost call first. */
  frames?: readonly string[];
}

const MOST_FRAMES = 12;

function codeOf(error: Error): string | undefined {
  const code = "code" in error ? error.code : undefined;
  // A code is a short name; anything else in that place could be data.
  if (typeof code === "string" && /^\w{1,40}$/.test(code)) return code;
  return error.cause instanceof Error ? codeOf(error.cause) : undefined;
}

/** A stack begins with the message, whose lines can look like frames, so the message is cut off first. */
function framesOf({ stack = "", message }: Error): readonly string[] {
  const lines = stack.replace(message, "").split("\n");
  const frames = lines.filter((line) => /^\s+at \S/.test(line)).map((line) => line.trim());
  return frames.slice(0, MOST_FRAMES);
}

/** Describes an error for the log, without its message: that may quote a token, an address or a statement's values. */
export function errorFields(error: unknown): ErrorFields {
  if (!(error instanceof Error)) return { errorName: "unknown" };
  return { errorName: error.name, errorCode: codeOf(error), frames: framesOf(error) };
}

/**
 * Everything that a log line may hold. There is no field for a message, a URL, a user or a body, so that no code, state, token,
 * email or address can get into the log by accident.
 */
export interface LogFields extends Partial<ErrorFields> {
  provider?: ProviderId;
  /** An issuer as configured. */
  issuer?: string;
  code?: FailureCode;
  /** HTTP status of the upstream answer. */
  status?: number;
  durationMs?: number;
  /** Age of the newest block that is known, in seconds. */
  blockAge?: number;
  /** Name of the action, route or upstream call. */
  call?: string;
  /** The visitor's network, as a keyed hash. */
  network?: string;
  /** Name of a field of an upstream's answer, from this app's own schema. */
  field?: string;
  /** The encryption key that a row needs: a few characters of its hash, which reveal nothing about the key. */
  keyId?: string;
  /** The reference that Next shows for an error that it hides from the browser. */
  digest?: string;
}

/** The sender of a request, as keyed hashes that reveal nobody (`lib/http/log-identity.ts`). */
export interface LogIdentity {
  session: string;
  user: string;
}

/** Writes one line about an event of a request. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** For an event that the operator must act on, e.g. credentials that a provider refuses. */
  error(event: string, fields?: LogFields): void;
}

/** The values of LOG_LEVEL: the lowest level of the lines that are written. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

function root(): pino.Logger {
  // Read here and not through `getEnv`, because a bad configuration is logged too.
  const level = LOG_LEVELS.find((one) => one === process.env.LOG_LEVEL?.trim()) ?? "info";
  return processGlobal("log", () => pino({ base: null, level, timestamp: pino.stdTimeFunctions.isoTime }));
}

/** Keeps the log out of the output of a command whose own lines are for people. Called before the first line. */
export function silenceLog(): void {
  processGlobal("log", () => pino({ level: "silent" }));
}

/** The trace that a line belongs to, while traces are sent. */
function traceField(): { trace?: string } {
  const trace = currentTraceId();
  return trace === undefined ? {} : { trace };
}

/**
 * A log whose lines carry the request's id (or "-" outside a request) and its sender. The sender is asked for with each line: a log may be made
 * before the session is read, and signing in changes it.
 */
export function requestLog(requestId: string, sender: () => LogIdentity | undefined = () => undefined): Log {
  const logger = root().child({ requestId });
  return {
    info: (event, fields) => logger.info({ ...traceField(), ...sender(), ...fields }, event),
    warn: (event, fields) => logger.warn({ ...traceField(), ...sender(), ...fields }, event),
    error: (event, fields) => {
      const all = { ...traceField(), ...sender(), ...fields };
      logger.error(all, event);
      forwardError({ event, requestId, fields: all });
    },
  };
}

/** Writes a line only with LOG_LEVEL=debug: about something that is no fault, and that helps to explain one. */
export function debugLine(requestId: string | null, event: string, fields: LogFields): void {
  root().debug({ ...fields, requestId: requestId ?? "-" }, event);
}

/** Between two lines about the same thing (milliseconds). */
const RARELY_MS = 60_000;

/** True at most once a minute for each kind, in this process: for what every visitor would cause a line of, or anybody could as often as they like. */
export function isDueRarely(kind: string): boolean {
  const now = performance.now();
  const logged = processGlobal("logged-rarely", () => new Map<string, number>());
  const last = logged.get(kind);
  if (last !== undefined && now - last < RARELY_MS) return false;
  logged.set(kind, now);
  return true;
}

type Level = "warn" | "error";

/** The result of one call and the facts about it that are logged. */
interface Outcome extends LogFields {
  result: Result<unknown>;
  /** Level of a failure; "warn" by default. */
  levelOf?: (failure: Failure) => Level;
}

/** For calls that this site makes on its own account: if the user can do nothing about a failure, the operator must. */
export function operatorLevel({ recovery }: Failure): Level {
  return recovery === "none" ? "error" : "warn";
}

/** Logs how a call ended, a failure by its code and the upstream's status. */
export function logOutcome(log: Log, event: string, { result, levelOf = () => "warn", ...fields }: Outcome): void {
  if (result.ok) return log.info(event, fields);
  const { code, status } = result.error;
  log[levelOf(result.error)](event, { ...fields, code, status });
}
