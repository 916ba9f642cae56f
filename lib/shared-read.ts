import "server-only";
import { after } from "next/server";
import { processGlobal } from "@/lib/process-global";
import { success, type Result } from "@/lib/result";

/** A value that all visitors of this process share, and for how long it is good. All times in milliseconds. */
export interface SharedRead<T> {
  /** One per value: the memory is found by it. */
  name: string;
  read: () => Promise<Result<T>>;
  /** Younger than this, the value is served as it is. */
  freshMs: number;
  /** Younger than this, it is served at once while a new one is fetched. */
  renewingMs: number;
  /** Younger than this, it is served when no new one can be had. */
  keptMs: number;
}

/** After a failure nothing is asked for this long: visitors who come one after another would each wait for the same trouble. */
const COOL_DOWN_MS = 1_000;

interface Memory<T> {
  last?: { value: T; at: number };
  failed?: { result: Result<T>; at: number };
  flight?: Promise<Result<T>>;
}

function remember<T>(memory: Memory<T>, result: Result<T>): Result<T> {
  delete memory.failed;
  if (result.ok) memory.last = { value: result.data, at: Date.now() };
  else memory.failed = { result, at: Date.now() };
  return result;
}

/** One request at a time, however many visitors ask. */
function fetchOnce<T>(memory: Memory<T>, read: SharedRead<T>["read"]): Promise<Result<T>> {
  const { failed } = memory;
  if (failed && Date.now() - failed.at < COOL_DOWN_MS) return Promise.resolve(failed.result);
  memory.flight ??= read()
    .then((result) => remember(memory, result))
    .finally(() => delete memory.flight);
  return memory.flight;
}

/**
 * Reads a value that is the same for everybody: from memory while it is young, else once for all who wait. The last good value stands in for a
 * failed read while it is not too old. `keepAlive` keeps the process up until a renewal behind an answer is done: a serverless host
 * freezes it after the answer, and the renewal would thaw with its time long over.
 */
export async function readShared<T>(
  { name, read, freshMs, renewingMs, keptMs }: SharedRead<T>,
  keepAlive: (work: Promise<unknown>) => void = (work) => after(() => work),
): Promise<Result<T>> {
  const memory = processGlobal<Memory<T>>(name, () => ({}));
  const { last } = memory;
  const age = last ? Date.now() - last.at : Infinity;
  if (last && age < freshMs) return success(last.value);
  const flight = fetchOnce(memory, read);
  if (last && age < renewingMs) {
    keepAlive(flight.catch(() => undefined));
    return success(last.value);
  }
  const result = await flight;
  return !result.ok && last && age < keptMs ? success(last.value) : result;
}
