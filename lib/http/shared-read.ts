import "server-only";
import { after } from "next/server";
import { passedSince, thisMoment, type Moment } from "@/lib/http/deadline";
import { errorFields, isDueRarely, logOutcome, operatorLevel, requestLog } from "@/lib/http/log";
import { outsideRequests } from "@/lib/http/outside-requests";
import { processGlobal } from "@/lib/http/process-global";
import { fail, success, type Result } from "@/lib/result";

/** A value that all visitors of this process share, and how long it may be used. All times in milliseconds. */
export interface SharedRead<T> {
  /** One per value: the key of its memory. */
  name: string;
  read: () => Promise<Result<T>>;
  /** Younger than this, the value is served as it is. */
  freshMs: number;
  /** Younger than this, it is served at once while a new one is fetched. */
  renewingMs: number;
  /** Younger than this, it is served if no new one can be read. */
  keptMs: number;
}

/** After a failure nothing is read for this long: otherwise every next visitor would wait for the same failure. */
const COOL_DOWN_MS = 1_000;

interface Memory<T> {
  last?: { value: T; at: Moment };
  failed?: { result: Result<T>; at: Moment };
  flight?: Promise<Result<T>>;
}

function remember<T>(memory: Memory<T>, result: Result<T>): Result<T> {
  delete memory.failed;
  if (result.ok) memory.last = { value: result.data, at: thisMoment() };
  else memory.failed = { result, at: thisMoment() };
  return result;
}

function memories(): Map<string, Memory<unknown>> {
  return processGlobal("shared-reads", () => new Map());
}

/** The memory of one value: every name has one type. */
function memoryOf<T>(name: string): Memory<T> {
  const all = memories() as Map<string, Memory<T>>;
  const memory = all.get(name) ?? {};
  all.set(name, memory);
  return memory;
}

/** Forgets every value, and what is being read: the sandbox has put another sale in the place of the one that was read. */
export function forgetSharedReads(): void {
  memories().clear();
}

/**
 * Logs a shared read if it has failed: each kind of failure once a minute, because pages repeat the read for as long as somebody looks. Returns the
 * result.
 */
export function logSharedRead<T>(event: string, call: string, result: Result<T>): Result<T> {
  if (!result.ok && isDueRarely(`${event} ${call} ${result.error.code}`))
    logOutcome(requestLog("-"), event, { result, call, levelOf: operatorLevel });
  return result;
}

/** A read that throws is a bug. Even then the last good value is served, and the read is not repeated for every visitor. */
async function readSafely<T>(name: string, read: SharedRead<T>["read"]): Promise<Result<T>> {
  try {
    return await read();
  } catch (error) {
    requestLog("-").error("unexpected", { call: name, ...errorFields(error) });
    return fail("request/unexpected");
  }
}

/** One request at a time, however many visitors ask. */
function fetchOnce<T>(memory: Memory<T>, { name, read }: SharedRead<T>): Promise<Result<T>> {
  const { failed } = memory;
  if (failed && passedSince(failed.at) < COOL_DOWN_MS) return Promise.resolve(failed.result);
  // The visitor who begins it may send a request of a kind in which nothing can be read.
  memory.flight ??= outsideRequests(() => readSafely(name, read))
    .then((result) => remember(memory, result))
    .finally(() => delete memory.flight);
  return memory.flight;
}

/**
 * Reads a value that is the same for everybody: from memory while it is young, else once for all who wait. If a read fails, the last good
 * value is served while it is not too old. `keepAlive` keeps the process alive until a renewal behind an answer is done: a serverless
 * host would freeze it after the answer, and the renewal would resume long after its time limit.
 */
export async function readShared<T>(
  shared: SharedRead<T>,
  keepAlive: (work: Promise<unknown>) => void = (work) => after(() => work),
): Promise<Result<T>> {
  const { name, freshMs, renewingMs, keptMs } = shared;
  const memory = memoryOf<T>(name);
  const { last } = memory;
  const age = last ? passedSince(last.at) : Infinity;
  if (last && age < freshMs) return success(last.value);
  const flight = fetchOnce(memory, shared);
  if (last && age < renewingMs) {
    keepAlive(flight);
    return success(last.value);
  }
  const result = await flight;
  return !result.ok && last && age < keptMs ? success(last.value) : result;
}
