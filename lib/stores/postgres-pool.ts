import "server-only";
import { once, type EventEmitter } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";
import { withTimeout } from "@/lib/http/deadline";

/** What of a client says where its server is and which of the server's processes works for it. */
export type CancellableClient = Pick<pg.Client, "host" | "port" | "ssl">;

/** Codes that stand where an ordinary start-up message has its version: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;

function message(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 * (words.length + 1));
  [bytes.length, ...words].forEach((word, index) => bytes.writeInt32BE(word, 4 * index));
  return bytes;
}

/** pg keeps the process's number and secret on the client, and its types leave them out. */
function processOf(client: object): [number, number] | undefined {
  if (!("processID" in client) || !("secretKey" in client)) return undefined;
  const { processID, secretKey } = client;
  return typeof processID === "number" && typeof secretKey === "number" ? [processID, secretKey] : undefined;
}

function placeOf({ host, port }: CancellableClient) {
  return host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

/** As pg does it: `ssl` is false, true or TLS options, and an address is no name for SNI (RFC 6066 section 3). */
async function secured(socket: Socket, { host, ssl }: CancellableClient, signal: AbortSignal): Promise<Socket> {
  if (!ssl) return socket;
  socket.write(message(SSL_REQUEST));
  const [answer]: unknown[] = await once(socket, "data", { signal });
  if (!Buffer.isBuffer(answer) || answer.toString() !== "S") throw new Error("The server does not speak TLS");
  const options: object = typeof ssl === "object" ? ssl : {};
  const secure = connectSecurely({ socket, host, ...(isIP(host) === 0 && { servername: host }), ...options });
  await once(secure, "secureConnect", { signal });
  return secure;
}

/**
 * Asks the server to cancel what it is doing for a client, on a connection of its own as the protocol has it. Resolves when the server
 * has taken note. pg's own `cancel` knows no TLS, nor an end of waiting.
 */
export async function cancelOnServer(client: CancellableClient, signal: AbortSignal): Promise<void> {
  const process = processOf(client);
  if (!process) return;
  const socket = connect({ ...placeOf(client), signal });
  // What goes wrong is told to whoever waits; between two waits an error would end the process.
  socket.on("error", () => undefined);
  try {
    await once(socket, "connect", { signal });
    const stream = await secured(socket, client, signal);
    stream.on("error", () => undefined);
    stream.end(message(CANCEL_REQUEST, ...process)).resume();
    await once(stream, "close", { signal });
  } finally {
    socket.destroy();
  }
}

/** What pg's clients can do beside what Kysely asks of one. */
type PooledClient = PostgresPoolClient &
  EventEmitter &
  CancellableClient &
  Pick<pg.PoolClient, "connection" | "end" | "release">;

interface DiscardingPool extends PostgresPool {
  connect(): Promise<PooledClient>;
}

/** How long a connection that is given up keeps its place in the pool while the server ends its part of it (milliseconds). */
const CLOSE_TIMEOUT_MS = 2_000;

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
    return withTimeout(CLOSE_TIMEOUT_MS, ended).finally(() => limit.abort());
  }
}

/**
 * A pool that keeps a connection only while the server answers on it. pg leaves a query that ran out of time active, and all that comes
 * after would wait behind it: after a failover without a reset, for as long as the network keeps quiet about the dead connection.
 */
export function discardUnresponsive(pool: DiscardingPool): PostgresPool {
  return { connect: async () => new WatchedClient(await pool.connect()), end: () => pool.end() };
}

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
  return discardUnresponsive({ connect: () => connectWithLimits(pool), end: () => pool.end() });
}
