import "server-only";
import { mostFiles } from "@/lib/http/arrival-limits";
import { isDueRarely, requestLog } from "@/lib/http/log";
import { processGlobal } from "@/lib/http/process-global";

/** The share of a process's files that calls of one upstream may have: of Sonar, of one node, of one provider. */
const SHARE_OF_AN_UPSTREAM = 0.1;

/** What is known of the calls of this process. */
interface Crowd {
  /** The most calls of one upstream; Infinity where the system does not tell how many files there are. */
  most: number;
  /** The calls under way, by origin. */
  underWay: Map<string, number>;
}

function crowd(): Crowd {
  return processGlobal("upstream-crowd", () => {
    const files = mostFiles();
    const most = files === undefined ? Infinity : Math.max(1, Math.floor(files * SHARE_OF_AN_UPSTREAM));
    return { most, underWay: new Map() };
  });
}

/** A call that was not begun. It is told as one that got no connection. */
function refused(): TypeError {
  return new TypeError("fetch failed", { cause: new Error("Too many calls wait for this upstream") });
}

/**
 * Counts a call (its name in traces) of the upstream at an origin, and returns what ends it; the end of `signal` does so too. Each call holds a file, and those of an upstream that
 * hangs would take all of them: the database's connections, and pages whose code was not read yet, which would answer 500 until a restart (issue
 * 13). So a call beyond the limit is refused at once: it throws what fetch throws where there is no connection.
 */
export function beginCall(origin: string, call: string, signal: AbortSignal, { most, underWay } = crowd()): () => void {
  const count = underWay.get(origin) ?? 0;
  if (count >= most) {
    if (isDueRarely(`upstream.crowded ${origin}`)) requestLog("-").warn("upstream.crowded", { call });
    throw refused();
  }
  underWay.set(origin, count + 1);
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener("abort", end);
    const left = (underWay.get(origin) ?? 1) - 1;
    if (left > 0) underWay.set(origin, left);
    else underWay.delete(origin);
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end);
  return end;
}
