import type { Log } from "@/lib/log";
import type { StoredConnection, PKCEStore, TokenStore } from "@/lib/stores/contracts";
import type { Result } from "@/lib/result";

/** What the OAuth functions work with. Made once a request by `getEngine`, and by hand in tests. */
export interface Engine {
  tokens: TokenStore;
  transactions: PKCEStore;
  /** Unix time in milliseconds. */
  now(): number;
  /** Time limit of one upstream step, in milliseconds. */
  timeoutMs: number;
  /** Keeps the process alive for work that goes on after the answer was sent (serverless hosts freeze it otherwise). */
  keepAlive(work: Promise<unknown>): void;
  /** The refreshes under way in this process, by provider and user: one at a time (single flight). */
  refreshes: Map<string, Promise<Result<StoredConnection>>>;
  /** The connections whose tokens an API has refused right after a refresh, and until when no other is made (Unix milliseconds). */
  refusals: Map<string, number>;
  log: Log;
}
