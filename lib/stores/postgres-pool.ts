import "server-only";
import type { PostgresPool } from "kysely";
import pg from "pg";
import { discardSilent } from "@/lib/stores/discard-silent";

const INT8 = 20;

/** What a pooler, or a server, answers that does not take a setting at the start of a connection. */
const REFUSALS = new Set(["08P01", "0A000"]);

/**
 * The client's limit holds whatever the network does. The server's are shorter, so that a slow statement ends with an answer and costs
 * no connection; a wait for a lock ends first, since that has a name of its own (SQLSTATE 55P03).
 */
function limitsOf(queryTimeoutMs: number): pg.PoolConfig {
  return {
    query_timeout: queryTimeoutMs,
    statement_timeout: Math.round(queryTimeoutMs * 0.9),
    lock_timeout: Math.round(queryTimeoutMs * 0.8),
  };
}

function isRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && REFUSALS.has(error.code ?? "");
}

/** PgBouncer and its like refuse the server's limits: from then on this pool goes without, and cancels instead. */
async function connectWithLimits(pool: pg.Pool): Promise<pg.PoolClient> {
  const isLimited = Boolean(pool.options.statement_timeout);
  try {
    return await pool.connect();
  } catch (error) {
    if (!isLimited || !isRefused(error)) throw error;
    pool.options.statement_timeout = 0;
    pool.options.lock_timeout = 0;
    return pool.connect();
  }
}

/** Opens a pool. Statements may take `queryTimeoutMs` milliseconds; 0: as long as they take. */
export async function openPool(url: string, queryTimeoutMs: number): Promise<PostgresPool> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 5,
    connectionTimeoutMillis: 5_000,
    ...limitsOf(queryTimeoutMs),
    keepAlive: true,
    // Times are milliseconds in int8 columns, far below 2^53; pg would hand them over as text.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // Without a listener, a connection that breaks while idle ends the process.
  pool.on("error", () => undefined);
  if (process.env.VERCEL) {
    const { attachDatabasePool } = await import("@vercel/functions");
    attachDatabasePool(pool);
  }
  return discardSilent({ connect: () => connectWithLimits(pool), end: () => pool.end() });
}
