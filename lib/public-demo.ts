import "server-only";
import type { Env } from "@/lib/config/env";
import { SANDBOX_DEMO_PATH } from "@/lib/config/sandbox";
import { processGlobal } from "@/lib/http/process-global";
import { SINGLE_NETWORKS, visitorNetworks } from "@/lib/http/visitor-address";

/** A visitor's request to the sandbox of a public demo. */
export interface DemoRequest {
  request: Request;
  /** Below the demo's path, with a slash at the beginning. */
  path: string;
  /** See `visitorNetworks`. */
  networks: readonly string[];
}

/** The sandbox of a public demo, as the rest of the app sees it. */
export interface PublicDemo {
  answer(request: DemoRequest): Promise<Response>;
  /** Unix times in milliseconds: when the sale began, and when it starts anew. */
  times(): { startedAt: number; nextReset?: number };
  /** Unix seconds: when most visitors can commit. */
  window(): { opensAt: number; closesAt: number };
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
const MOST_NETWORKS = 20_000;

/** Stands for all networks that are not remembered. */
const OTHERS = ["others"];

/** Counts requests per network and minute. Networks beyond the number that it remembers share one count. */
export class NetworkLimit {
  private readonly counts = new Map<string, number>();
  private windowStart = 0;

  constructor(private readonly perMinute: number) {}

  /** Counts a request of a visitor in these networks, the single one first. If one has used up its minute, counts nothing and says whose. */
  refuses(networks: readonly string[], now: number): "network" | "others" | undefined {
    if (now - this.windowStart >= WINDOW_MS) {
      this.counts.clear();
      this.windowStart = now;
    }
    const known = networks.every((network) => this.counts.has(network)) || this.counts.size < MOST_NETWORKS;
    const counted = known ? networks : OTHERS;
    const counts = counted.map((network) => (this.counts.get(network) ?? 0) + 1);
    const most = (at: number) => this.perMinute * (at === 0 ? 1 : SINGLE_NETWORKS);
    if (counts.some((count, at) => count > most(at))) return known ? "network" : "others";
    counted.forEach((network, at) => this.counts.set(network, counts[at] ?? 0));
    return undefined;
  }
}

const TOO_MANY = {
  network: "Too many requests from your network.",
  others: "The demo has too many visitors at the moment.",
};

/** Ten people behind one address can use the demo at the same time. */
const LIMITS = { requests: 900, writes: 180 };

/** A read of the chain is a POST too, and pages make many. */
const CHAIN_READS = `${SANDBOX_DEMO_PATH}/rpc`;

/**
 * The refusal of a request to a public demo, if its network has sent too many within a minute. It covers every path, because signing in and
 * actions cost more than the sandbox does. Other sites have no such limit: their users are known, and their host protects them.
 */
export function demoRefusal(
  { method, headers, url }: Request,
  { sandbox, trustedProxies }: Env,
  now: number,
): Response | undefined {
  if (!sandbox?.demo) return undefined;
  const limits = processGlobal("demo-limits", () => ({
    requests: new NetworkLimit(LIMITS.requests),
    writes: new NetworkLimit(LIMITS.writes),
  }));
  const networks = visitorNetworks(headers, trustedProxies);
  const writes = method !== "GET" && method !== "HEAD" && new URL(url).pathname !== CHAIN_READS;
  const refused = limits.requests.refuses(networks, now) ?? (writes ? limits.writes.refuses(networks, now) : undefined);
  if (!refused) return undefined;
  return new Response(`${TOO_MANY[refused]} Wait a minute, then try again.\n`, {
    status: 429,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Retry-After": "60" },
  });
}
