import "server-only";
import { customFetch, discoveryRequest, processDiscoveryResponse, type AuthorizationServer } from "oauth4webapi";
import { deadlineIn, type Deadline } from "@/lib/oauth/deadline";
import { insecureOnLoopback } from "@/lib/oauth/insecure-loopback";
import { upstreamFetch } from "@/lib/oauth/upstream-fetch";
import { processGlobal } from "@/lib/process-global";

/** How long a discovery document is good for (milliseconds); after that, the old one is used while a new one cannot be had. */
const FRESH_FOR_MS = 10 * 60 * 1_000;

/** After a failure the next attempt waits for this long (milliseconds): a server that is down is not asked for every click. */
const RETRY_AFTER_MS = 10_000;

/** Short, since the user is waiting to be sent on, and where endpoints are known there is a way without (milliseconds). */
const TIMEOUT_MS = 3_000;

interface Entry {
  server?: AuthorizationServer;
  /** Milliseconds since 1970. */
  askAgainAt: number;
  asking?: Promise<void>;
}

async function readDocument(issuer: string, at: string): Promise<AuthorizationServer> {
  const deadline = deadlineIn(TIMEOUT_MS);
  const options = { ...insecureOnLoopback(at), [customFetch]: upstreamFetch(deadline, () => true) };
  const server = await processDiscoveryResponse(new URL(issuer), await discoveryRequest(new URL(at), options));
  // The library compares as URLs; the identifier is text, and every letter counts (OpenID Connect Discovery section 4.3).
  if (server.issuer !== issuer) throw new Error("The discovery document is another issuer's");
  return server;
}

async function ask(entry: Entry, issuer: string, at: string, now: () => number): Promise<void> {
  try {
    entry.server = await readDocument(issuer, at);
    entry.askAgainAt = now() + FRESH_FOR_MS;
  } catch {
    // Whatever is wrong with it: there is no document, and the caller knows what that means.
    entry.askAgainAt = now() + RETRY_AFTER_MS;
  } finally {
    delete entry.asking;
  }
}

function whenOver({ signal }: Deadline): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * The discovery document of an issuer, looked for below `at`. Asked for once by all who want it at the same moment, kept for ten
 * minutes, and then used for as long as no new one can be had. `undefined` when there is none in time, or it is another issuer's.
 */
export async function discover(
  { issuer, at }: { issuer: string; at: string },
  now: () => number,
  deadline: Deadline,
): Promise<AuthorizationServer | undefined> {
  const cache = processGlobal("discovery", () => new Map<string, Entry>());
  const key = `${issuer} ${at}`;
  const entry = cache.get(key) ?? { askAgainAt: 0 };
  cache.set(key, entry);
  if (now() >= entry.askAgainAt) {
    entry.asking ??= ask(entry, issuer, at, now);
    await Promise.race([entry.asking, whenOver(deadline)]);
  }
  return entry.server;
}
