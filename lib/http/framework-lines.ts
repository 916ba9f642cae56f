import "server-only";
import { randomInt } from "node:crypto";
import { errorFields, requestLog, type Log, type LogFields } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";
import { requestFault, type FaultyRequest } from "@/lib/http/request-fault";

/** Next tells the console of an error first, and `onRequestError` right after, which knows the request. Milliseconds. */
const ONE_ERROR_MS = 100;

interface Reports {
  /** Errors that a line was written about. */
  written: WeakSet<Error>;
  /** Errors that only the console knows yet, with the line that is written if that stays so. */
  waiting: Map<Error, () => void>;
}

function reports(): Reports {
  return processGlobal<Reports>("error-reports", () => ({ written: new WeakSet(), waiting: new Map() }));
}

function writeOnce(error: Error, write: () => void): void {
  const { written, waiting } = reports();
  waiting.delete(error);
  if (written.has(error)) return;
  written.add(error);
  write();
}

type Level = "info" | "warn" | "error";

/** A request's id as `proxy.ts` made it. Before it has run, the header is the client's own words. */
function requestIdIn(headers: FaultyRequest["headers"]): string {
  const id = headers["x-request-id"];
  return typeof id === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id) ? id : "-";
}

function writeError(log: Log, level: Level, event: string, error: Error, request?: FaultyRequest): void {
  const fault = requestFault(error, request);
  // A client that leaves is nothing unusual. Of other faults, the frames would only tell where Next reads requests.
  if (fault === "request.aborted") return log.info(fault);
  if (fault) return log.warn(fault, { errorName: error.name });
  const digest = "digest" in error ? String(error.digest) : undefined;
  log[level](event, { ...errorFields(error), ...(digest !== undefined && { digest }) });
}

/**
 * Marks an error as one that has its line, and returns the reference that a page shows if the error gets there too. Undefined: it had its line
 * before. A read that several parts of a page share fails in all of them with one error.
 */
export function firstReport(error: unknown): { digest?: string } | undefined {
  if (!(error instanceof Error)) return {};
  const { written } = reports();
  if (written.has(error)) return undefined;
  written.add(error);
  // Next keeps a digest that is there already.
  if (!("digest" in error)) Object.assign(error, { digest: String(randomInt(2 ** 32)) });
  return "digest" in error ? { digest: String(error.digest) } : {};
}

/** Logs an error that Next hides from the browser, under the digest that the browser shows. Its message is not logged: it may quote data. */
export function logRequestError(error: unknown, request: FaultyRequest): void {
  const known = error instanceof Error ? error : new Error("unknown", { cause: error });
  const log = requestLog(requestIdIn(request.headers));
  writeOnce(known, () => writeError(log, "error", "hidden-error", known, request));
}

/** Sentences of Next about something that has its line already: an error that follows, or the proxy's refusal of a body. */
const ANNOUNCEMENTS = /^Failed to handle request for |^Request body exceeded |Aborting the action\.$/;

/** The place of the call in place of its text, which may quote a request. */
function callerFields(): LogFields {
  const { frames = [] } = errorFields(new Error());
  return { frames: frames.slice(3, 7) };
}

function writeConsole(level: Level, values: readonly unknown[]): void {
  const error = values.find((value) => value instanceof Error);
  if (!error) {
    const isAnnouncement = values.some((value) => typeof value === "string" && ANNOUNCEMENTS.test(value));
    return isAnnouncement ? undefined : requestLog("-")[level]("console", callerFields());
  }
  const event = level === "error" ? "unhandled-error" : "console";
  const write = () => writeError(requestLog("-"), level, event, error);
  reports().waiting.set(error, write);
  setTimeout(() => writeOnce(error, write), ONE_ERROR_MS).unref();
}

const LEVELS = {
  debug: "info",
  dir: "info",
  error: "error",
  info: "info",
  log: "info",
  table: "info",
  trace: "info",
  warn: "warn",
} as const;

function replaceConsole(): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    Object.assign(console, { [method]: (...values: unknown[]) => writeConsole(level, values) });
  }
  // Node's own listener prints to stderr.
  process.removeAllListeners("warning");
  process.on("warning", (warning) => requestLog("-").warn("process.warning", errorFields(warning)));
  process.on("exit", () => {
    for (const [error, write] of [...reports().waiting]) writeOnce(error, write);
  });
}

/**
 * Makes every line that Next or a package prints to the console one line of the log, without its text. Next quotes requests there, of anybody: a
 * body with line breaks could write lines of its own, and each malformed request would raise the alarm, most of them two or three times. In
 * production only, and for good: called when the server starts.
 */
export function logInsteadOfConsole(): void {
  processGlobal("console", () => {
    replaceConsole();
    return true;
  });
}
