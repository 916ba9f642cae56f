import "server-only";
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";

/** What pg's pool can do beside what Kysely asks of one: close a connection instead of keeping it. */
interface DiscardingPool extends PostgresPool {
  connect(): Promise<PostgresPoolClient & { release(discard?: boolean): void }>;
}

type PooledClient = Awaited<ReturnType<DiscardingPool["connect"]>>;

class WatchedClient implements PostgresPoolClient {
  private silent = false;

  constructor(private readonly client: PooledClient) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(query: string | PostgresCursor<R>, parameters: readonly unknown[] = []) {
    return typeof query === "string" ? this.ask<R>(query, parameters) : this.client.query(query);
  }

  release(): void {
    this.client.release(this.silent);
  }

  private async ask<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      return await this.client.query<R>(sql, parameters);
    } catch (error) {
      // An error that the server has sent is an answer; any other leaves it open what it still has to say.
      this.silent ||= !(error instanceof pg.DatabaseError);
      throw error;
    }
  }
}

/**
 * A pool that keeps a connection only while the server answers on it. pg leaves a query that ran out of time active, and all that comes
 * after would wait behind it: after a failover without a reset, for as long as the network keeps quiet about the dead connection.
 */
export function discardSilent(pool: DiscardingPool): PostgresPool {
  return { connect: async () => new WatchedClient(await pool.connect()), end: () => pool.end() };
}
