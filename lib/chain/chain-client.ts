import "server-only";
import { createPublicClient, fallback, http, type PublicClient } from "viem";
import type { Deadline } from "@/lib/upstream/deadline";
import { upstreamFetch, type FetchLike } from "@/lib/upstream/upstream-fetch";

/** A read is two requests: the block, then what is asked of it. */
const REQUESTS_OF_A_READ = 2;

/** How long one node may be silent: so long that there is time for the others, and of a single one as long as there is. In milliseconds. */
function patience(nodes: number, timeLeft: number): number {
  return Math.max(1, nodes === 1 ? timeLeft : timeLeft / nodes / REQUESTS_OF_A_READ);
}

/** Every request here only reads, so a stale connection may be tried again. */
function nodeFetch(deadline: Deadline): FetchLike {
  return (input, init) => {
    const signals = init?.signal ? [deadline.signal, init.signal] : [deadline.signal];
    return upstreamFetch({ ...deadline, signal: AbortSignal.any(signals) }, () => true)(input, init);
  };
}

/** A client for one read of the chain: asks the RPC URLs in their order until one answers, all of it before the deadline. */
export function chainClient(rpcUrls: readonly string[], deadline: Deadline, now = Date.now): PublicClient {
  const timeout = patience(rpcUrls.length, deadline.at - now());
  const fetchFn = nodeFetch(deadline);
  const transports = rpcUrls.map((url) => http(url, { timeout, fetchFn, retryCount: 0 }));
  return createPublicClient({ transport: fallback(transports, { retryCount: 0 }) });
}
