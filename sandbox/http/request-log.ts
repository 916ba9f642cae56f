import type { RequestNotes } from "./request";

/** The bodies of a logged request and its answer, without secrets: see `loggedBody`. */
export interface LoggedBodies {
  request?: string | undefined;
  response?: string | undefined;
}

/** One logged request. Tokens, codes, verifiers and query strings are never logged. */
export interface LogEntry extends RequestNotes {
  /** Counts from 1 and is never reused, so that a test can ask for the entries after a known one. */
  number: number;
  /** ISO 8601. */
  time: string;
  method: string;
  path: string;
  /** Absent without an answer: in progress, hanging or reset. */
  status?: number;
  /** From its arrival to the answer, in milliseconds. */
  ms?: number;
}

const CAPACITY = 1000;
const LONGEST_PATH = 200;

/** The last 1000 requests. */
export class RequestLog {
  private entries: LogEntry[] = [];
  private readonly bodies = new WeakMap<LogEntry, LoggedBodies>();
  private count = 0;

  constructor(private readonly now: () => number) {}

  /** Logs a request when it arrives; the caller completes the entry after answering. */
  begin(method: string, path: string): LogEntry {
    this.count += 1;
    const time = new Date(this.now()).toISOString();
    const entry: LogEntry = { number: this.count, time, method, path: path.slice(0, LONGEST_PATH) };
    this.entries.push(entry);
    if (this.entries.length > CAPACITY) this.entries.shift();
    return entry;
  }

  /** Completes an entry with its answer. */
  end(entry: LogEntry, status: number, ms: number, bodies: LoggedBodies): void {
    Object.assign(entry, { status, ms });
    this.bodies.set(entry, bodies);
  }

  /** One entry with its bodies; undefined if it is not in the log any more. */
  find(number: number): (LogEntry & LoggedBodies) | undefined {
    const entry = this.entries.find((one) => one.number === number);
    return entry && { ...entry, ...this.bodies.get(entry) };
  }

  /** The entries with a number above `after`, oldest first. */
  list(after = 0): LogEntry[] {
    return this.entries.filter((entry) => entry.number > after);
  }

  /** Deletes the entries; the numbers continue. */
  clear(): void {
    this.entries = [];
  }
}
