import "server-only";
import { createPublicClient, fallback, http, type PublicClient } from "viem";
import type { Deadline } from "@/lib/oauth/deadline";
import { upstreamFetch, type FetchLike } from "@/lib/oauth/upstream-fetch";

/** A node that is silent must leave time for the next one, and a read is two requests: the block, then what is asked of it. */
const REQUESTS_OF_A_READ = 2;

/** Every request here only reads, so a stale connection may be tried again. */
function nodeFetch(deadline: Deadline): FetchLike {
  return (input, init) => {
    const signals = init?.signal ? [deadline.signal, init.signal] : [deadline.signal];
    return upstreamFetch({ ...deadline, signal: AbortSignal.any(signals) }, () => true)(input, init);
  };
}

/** A client for one read of the chain: asks the RPC URLs in their order until one answers, all of it before the deadline. */
export function chainClient(rpcUrls: readonly string[], deadline: Deadline, now = Date.now): PublicClient {
  const timeout = Math.max(1, (deadline.at - now()) / rpcUrls.length / REQUESTS_OF_A_READ);
  const fetchFn = nodeFetch(deadline);
  const transports = rpcUrls.map((url) => http(url, { timeout, fetchFn, retryCount: 0 }));
  return createPublicClient({ transport: fallback(transports, { retryCount: 0 }) });
}
