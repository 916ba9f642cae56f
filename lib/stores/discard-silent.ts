import "server-only";
import { once, type EventEmitter } from "node:events";
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";
import { cancelOnServer, type CancellableClient } from "@/lib/stores/cancel-on-server";
import { within } from "@/lib/within";

/** What pg's clients can do beside what Kysely asks of one. */
type PooledClient = PostgresPoolClient &
  EventEmitter &
  CancellableClient &
  Pick<pg.PoolClient, "connection" | "end" | "release">;

interface DiscardingPool extends PostgresPool {
  connect(): Promise<PooledClient>;
}

/** How long a connection that is given up keeps its place in the pool while the server ends its part of it (milliseconds). */
const FAREWELL_MS = 2_000;

/**
 * Ends a connection at the server. Closing it is not enough: a process that waits for a lock does not look at its connection, so that it
 * would go on waiting while the pool opens another, and the server would run out of processes.
 */
async function endAtServer(client: PooledClient, signal: AbortSignal): Promise<void> {
  const isBroken = client.connection.stream.destroyed;
  const answered = isBroken ? undefined : once(client, "drain", { signal });
  await Promise.all([answered, cancelOnServer(client, signal)]);
  await client.end();
}

/** An error that the server has sent is an answer, unless it is a goodbye (class 57P); any other leaves open what it still has to say. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !error.code?.startsWith("57P");
}

class WatchedClient implements PostgresPoolClient {
  /** Set when the connection is given up; it never rejects. */
  private ended: Promise<unknown> | undefined;
  /** A connection that breaks tells it to the query under way; without a listener it would end the process as well. */
  private readonly ignore = () => undefined;

  constructor(private readonly client: PooledClient) {
    client.on("error", this.ignore);
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(query: string | PostgresCursor<R>, parameters: readonly unknown[] = []) {
    return typeof query === "string" ? this.ask<R>(query, parameters) : this.client.query(query);
  }

  release(): void {
    if (this.ended) void this.ended.then(() => this.giveBack(true));
    else this.giveBack(false);
  }

  private giveBack(discard: boolean): void {
    this.client.removeListener("error", this.ignore);
    this.client.release(discard);
  }

  private async ask<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      return await this.client.query<R>(sql, parameters);
    } catch (error) {
      if (!isAnswer(error)) this.ended ??= this.giveUp();
      throw error;
    }
  }

  private giveUp(): Promise<unknown> {
    const limit = new AbortController();
    const ended = endAtServer(this.client, limit.signal).catch(() => undefined);
    return within(FAREWELL_MS, ended).finally(() => limit.abort());
  }
}

/**
 * A pool that keeps a connection only while the server answers on it. pg leaves a query that ran out of time active, and all that comes
 * after would wait behind it: after a failover without a reset, for as long as the network keeps quiet about the dead connection.
 */
export function discardSilent(pool: DiscardingPool): PostgresPool {
  return { connect: async () => new WatchedClient(await pool.connect()), end: () => pool.end() };
}
