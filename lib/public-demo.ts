import "server-only";
import type { Env } from "@/lib/config/env";
import { SANDBOX_DEMO_PATH } from "@/lib/config/sandbox";
import { processGlobal } from "@/lib/http/process-global";
import { visitorAddress } from "@/lib/http/visitor-address";

/** A visitor's request to the sandbox of a public demo. */
export interface DemoRequest {
  request: Request;
  /** Below the demo's path, with a slash at the beginning. */
  path: string;
  address: string;
}

/** The sandbox of a public demo, as the rest of the app sees it. */
export interface PublicDemo {
  answer(request: DemoRequest): Promise<Response>;
  /** Unix times in milliseconds: when the sale began, and when it starts anew. */
  times(): { startedAt: number; nextReset?: number };
}

function slot(): { demo?: PublicDemo } {
  return processGlobal<{ demo?: PublicDemo }>("public-demo", () => ({}));
}

/** The demo that this process runs. */
export function publicDemo(): PublicDemo | undefined {
  return slot().demo;
}

/** Makes a running demo known to the app's routes. */
export function openPublicDemo(demo: PublicDemo): void {
  slot().demo = demo;
}

const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 20_000;

/** Counts requests per address and minute. Addresses beyond the number that it remembers share one count. */
export class AddressLimit {
  private readonly counts = new Map<string, number>();
  private windowStart = 0;

  constructor(private readonly perMinute: number) {}

  /** Counts a request; false if the address has used up its minute. */
  admits(address: string, now: number): boolean {
    if (now - this.windowStart >= WINDOW_MS) {
      this.counts.clear();
      this.windowStart = now;
    }
    const key = this.counts.has(address) || this.counts.size < MOST_ADDRESSES ? address : "others";
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    return count <= this.perMinute;
  }
}

/** Ten people behind one address can use the demo at the same time. */
const LIMITS = { requests: 900, writes: 180 };

/** A read of the chain is a POST too, and pages make many. */
const CHAIN_READS = `${SANDBOX_DEMO_PATH}/rpc`;

/**
 * The refusal of a request to a public demo, if its address has sent too many within a minute. It covers every path, because signing in and
 * actions cost more than the sandbox does. Other sites have no such limit: their users are known, and their host protects them.
 */
export function demoRefusal({ method, headers, url }: Request, { sandbox }: Env, now: number): Response | undefined {
  if (!sandbox?.demo) return undefined;
  const limits = processGlobal("demo-limits", () => ({
    requests: new AddressLimit(LIMITS.requests),
    writes: new AddressLimit(LIMITS.writes),
  }));
  const address = visitorAddress(headers);
  const writes = method !== "GET" && method !== "HEAD" && new URL(url).pathname !== CHAIN_READS;
  if (limits.requests.admits(address, now) && (!writes || limits.writes.admits(address, now))) return undefined;
  return new Response("Too many requests from your network. Wait a minute, then try again.\n", {
    status: 429,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "60" },
  });
}
