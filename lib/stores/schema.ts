import type { ProviderId } from "@/lib/oauth/provider";

/** One signed-in browser. Keyed by the SHA-256 of the id in its cookie: who reads the table cannot sign in with it. */
export interface SessionRow {
  id_hash: string;
  user_id: string;
  /** Milliseconds since 1970, as every `_at` and `_until` column. */
  created_at: number;
  seen_at: number;
}

/** One authorization under way, between "connect" and the callback. Keyed by the SHA-256 of its `state`. */
export interface TransactionRow {
  state_hash: string;
  provider: ProviderId;
  user_id: string;
  sealed_verifier: string | null;
  redirect_uri: string;
  return_to: string;
  expires_at: number;
}

/** One connected account: its sealed tokens and who is refreshing them. */
export interface ConnectionRow {
  provider: ProviderId;
  user_id: string;
  sealed_tokens: string;
  /** Changes with every write; compare-and-set goes by it. Random, so that a version never comes back. */
  version: string;
  connected_at: number;
  updated_at: number;
  lease_holder: string | null;
  lease_until: number;
  /** No refresh is tried before this time, after one failed. */
  cooldown_until: number;
}

/** How often something was done in the current minute. */
export interface RateRow {
  key: string;
  window_start: number;
  count: number;
}

/** The tables, for Kysely. */
export interface Schema {
  sessions: SessionRow;
  transactions: TransactionRow;
  connections: ConnectionRow;
  rates: RateRow;
}
