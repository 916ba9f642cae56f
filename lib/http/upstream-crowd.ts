import "server-only";
import { mostFiles } from "@/lib/http/arrival-limits";
import { isDueRarely, requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

/** The share of a process's files that calls of one upstream may have: of Sonar, of one node, of one provider. */
const SHARE_OF_AN_UPSTREAM = 0.1;

/** The calls of one upstream. */
interface Calls {
  underWay: number;
  /** Begins each call that waits, in the order in which they came. */
  waiting: Set<() => void>;
}

/** What is known of the calls of this process. */
interface Crowd {
  /** The most calls of one upstream; Infinity where the system does not tell how many files there are. */
  most: number;
  /** By origin, while there are any. */
  calls: Map<string, Calls>;
}

function crowd(): Crowd {
  return processGlobal("upstream-crowd", () => {
    const files = mostFiles();
    const most = files === undefined ? Infinity : Math.max(1, Math.floor(files * SHARE_OF_AN_UPSTREAM));
    return { most, calls: new Map() };
  });
}

/** Waits until another call has left its place to this one. Rejects with the reason of `signal` if that ends first. */
function place({ waiting }: Calls, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const begin = () => {
      signal.removeEventListener("abort", giveUp);
      resolve();
    };
    const giveUp = () => {
      waiting.delete(begin);
      reject(signal.reason as Error);
    };
    waiting.add(begin);
    signal.addEventListener("abort", giveUp);
  });
}

/** Leaves a call's place to the one that has waited longest, if there is one. */
function leave(origin: string, { calls }: Crowd): void {
  const own = calls.get(origin);
  if (!own) return;
  const [next] = own.waiting;
  if (next) {
    own.waiting.delete(next);
    return next();
  }
  own.underWay -= 1;
  if (own.underWay === 0) calls.delete(origin);
}

/**
 * Counts a call (its name in traces) of the upstream at an origin, and resolves with what ends it; the end of `signal` does so too. Each call holds
 * a file, and those of an upstream that hangs would take all of them: the database's connections, and pages whose code was not read yet, which would
 * answer 500 until a restart (issue 13). So a call beyond the limit waits for another one's end, as long as its own time limit lets it.
 */
export async function beginCall(
  origin: string,
  call: string,
  signal: AbortSignal,
  all: Crowd = crowd(),
): Promise<() => void> {
  signal.throwIfAborted();
  const own = all.calls.get(origin) ?? { underWay: 0, waiting: new Set() };
  all.calls.set(origin, own);
  if (own.underWay < all.most) own.underWay += 1;
  else {
    if (isDueRarely(`upstream.crowded ${origin}`)) requestLog("-").warn("upstream.crowded", { call });
    await place(own, signal);
  }
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener("abort", end);
    leave(origin, all);
  };
  // It may have ended between the place's being left and this.
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return end;
}
