import "server-only";
import { once, type EventEmitter } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import pg from "pg";
import { passedSince, thisMoment, withTimeout } from "@/lib/http/deadline";
import { isOfPooler, noteDatabaseError, noteUnanswered } from "@/lib/stores/database-outage";

/** The fields of a client that identify its server and the process that works for it. */
type CancellableClient = Pick<pg.Client, "host" | "port" | "ssl">;

/** Codes in the place of a start-up message's version: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;

function message(...words: number[]): Buffer {
  const bytes = Buffer.alloc(4 * (words.length + 1));
  [bytes.length, ...words].forEach((word, index) => bytes.writeInt32BE(word, 4 * index));
  return bytes;
}

/** pg keeps the process's number and secret on the client, but its types do not declare them. */
function processOf(client: object): [number, number] | undefined {
  if (!("processID" in client) || !("secretKey" in client)) return undefined;
  const { processID, secretKey } = client;
  return typeof processID === "number" && typeof secretKey === "number" ? [processID, secretKey] : undefined;
}

function placeOf({ host, port }: CancellableClient) {
  return host.startsWith("/") ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };
}

/** As pg does: `ssl` is false, true or TLS options, and an IP address is not allowed in SNI (RFC 6066 section 3). */
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

/** PgBouncer holds a request for at most ten seconds by default, while no connection to the server is free or the server hangs (milliseconds). */
const HELD_AT_MOST_MS = 15_000;

/** A pooler takes an end of the stream for a client that has left and forgets its request; some end altogether. So it has the time to close first. */
function leave(stream: Socket, end: () => void): void {
  const timer = setTimeout(end, HELD_AT_MOST_MS).unref();
  stream.unref().once("close", () => clearTimeout(timer));
}

/**
 * Asks the server to cancel a client's query, on a separate connection as the protocol requires, and resolves when the server has closed that: then
 * it has the request. As in libpq, this side does not close first, even if nobody waits any more. pg's own `cancel` supports neither TLS nor a time
 * limit.
 */
async function cancelOnServer(client: CancellableClient, signal: AbortSignal): Promise<void> {
  const process = processOf(client);
  if (!process) return;
  const socket = connect(placeOf(client));
  // The waits below report errors; between two waits, an error without a listener would end the process.
  socket.on("error", () => undefined);
  let asked: Socket | undefined;
  try {
    await once(socket, "connect", { signal });
    const stream = await secured(socket, client, signal);
    stream.on("error", () => undefined);
    const closed = once(stream, "close", { signal });
    stream.resume().write(message(CANCEL_REQUEST, ...process));
    asked = stream;
    await closed;
  } finally {
    if (asked && !asked.destroyed) leave(asked, () => socket.destroy());
    else socket.destroy();
  }
}

/** pg's clients offer more than Kysely's interface. */
type PooledClient = PostgresPoolClient &
  EventEmitter &
  CancellableClient &
  Pick<pg.PoolClient, "connection" | "end" | "release">;

interface DiscardingPool extends PostgresPool {
  connect(): Promise<PooledClient>;
}

/** A pooler ignores the request while the statement waits in its own queue, and runs the statement later: so it is asked again (milliseconds). */
const CANCEL_AGAIN_MS = 250;

/** A discarded connection keeps its place in the pool for at most this long while the server ends its part (milliseconds). */
const CLOSE_TIMEOUT_MS = 2_000;

/** Cancels until the statement has its answer. */
async function cancelUntil(answer: Promise<unknown>, cancel: () => Promise<void>): Promise<void> {
  const answered = answer.then(() => true);
  // Where a request fails first, nobody awaits it any more.
  answered.catch(() => undefined);
  do await cancel();
  while (!(await withTimeout(CANCEL_AGAIN_MS, answered)));
}

/**
 * Ends a connection at the server. Closing it is not enough: a process that waits for a lock does not check its connection, so it would
 * continue to wait while the pool opens another, and the server would run out of processes.
 */
async function endAtServer(client: PooledClient, signal: AbortSignal): Promise<void> {
  const isBroken = client.connection.stream.destroyed;
  if (isBroken) await cancelOnServer(client, signal);
  else await cancelUntil(once(client, "drain", { signal }), () => cancelOnServer(client, signal));
  await client.end();
}

/**
 * An error from the server is an answer, unless it announces the end of the connection (class 57P, and a pooler's own). After any other error, an
 * answer may still come.
 */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError && !error.code?.startsWith("57P") && !isOfPooler(error);
}

/**
 * A connection that is read-only (SQLSTATE 25006) can stay so for good, while new ones are not any more: after a fail-over, or a write block that
 * has ended. Reads would keep it in use.
 */
function isReadOnly(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === "25006";
}

/** A pooler would keep such a connection, and give it to the next statement. It may give this one another, which ends only if it is read-only too. */
const END_READ_ONLY =
  "select pg_terminate_backend(pg_backend_pid()) where current_setting('transaction_read_only') = 'on'";

class WatchedClient implements PostgresPoolClient {
  /** Set when the connection is discarded; it never rejects. */
  private ended: Promise<unknown> | undefined;
  /** True for a connection that has answered, and is not used again. */
  private isOutworn = false;

  constructor(private readonly client: PooledClient) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(query: string | PostgresCursor<R>, parameters: readonly unknown[] = []) {
    return typeof query === "string" ? this.ask<R>(query, parameters) : this.client.query(query);
  }

  release(): void {
    if (this.ended) void this.ended.then(() => this.client.release(true));
    else if (this.isOutworn) void this.endReadOnly();
    else this.client.release();
  }

  private async endReadOnly(): Promise<void> {
    const ended = this.client.query(END_READ_ONLY, []).catch(() => undefined);
    await withTimeout(CLOSE_TIMEOUT_MS, ended);
    this.client.release(true);
  }

  private async ask<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      return await this.client.query<R>(sql, parameters);
    } catch (error) {
      if (isReadOnly(error)) this.isOutworn = true;
      if (!isAnswer(error)) {
        noteUnanswered(error);
        this.ended ??= this.giveUp();
      }
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
 * A pool that keeps a connection only while the server answers on it. pg leaves a query that timed out active, and later queries would wait
 * behind it: after a failover without a reset, for as long as the network does not report the dead connection.
 */
function discardUnresponsive(pool: DiscardingPool): PostgresPool {
  const connect = () =>
    pool.connect().catch((error: unknown) => {
      if (!isAnswer(error)) noteUnanswered(error);
      // Of statements, Kysely tells; this one has none yet.
      noteDatabaseError(error);
      throw error;
    });
  return { connect: async () => new WatchedClient(await connect()), end: () => pool.end() };
}

const INT8 = 20;

/** Errors of a pooler or server that does not accept a setting at the start of a connection. */
const REFUSALS = new Set(["08P01", "0A000"]);

/**
 * The client's limit works even if the network fails. The server's limits are shorter, so that a slow statement ends with an answer and costs
 * no connection. A wait for a lock ends first, because it has an error code of its own (SQLSTATE 55P03).
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

/** Poolers such as PgBouncer refuse the server's limits: from then on this pool omits them, and cancels queries instead. */
async function connectWithLimits(pool: pg.Pool): Promise<pg.PoolClient> {
  const isLimited = Boolean(pool.options.statement_timeout);
  try {
    return await pool.connect();
  } catch (error) {
    if (!isLimited || !isRefused(error)) throw error;
    const { statement_timeout, lock_timeout } = pool.options;
    Object.assign(pool.options, { statement_timeout: 0, lock_timeout: 0 });
    return pool.connect().catch((again: unknown) => {
      // The limits were not the reason: a pooler that is full refuses with the same code.
      if (isRefused(again)) Object.assign(pool.options, { statement_timeout, lock_timeout });
      throw again;
    });
  }
}

/** The size and the patience of a pool. */
export interface PoolOptions {
  /** The most connections that it has. */
  max: number;
  /** For one of them, in the queue too (milliseconds). */
  waitMs: number;
  /** Time limit of one statement (milliseconds); 0: none. */
  queryTimeoutMs: number;
}

/** The server, or the pooler in front of it, has no connection left (SQLSTATE too_many_connections). */
function isCrowded(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "53300" || isOfPooler(error));
}

/** A crowded server is asked for further connections again after this time (milliseconds). */
const CROWDED_FOR_MS = 5_000;

/**
 * Makes do with the connections that the pool has, while the server has no further one: they are free again in a moment, and pg would fail at
 * once. So it is in a roll-out, when two builds' instances share the server's limit.
 */
async function connectInCrowd(pool: pg.Pool, { max, waitMs }: PoolOptions): Promise<pg.PoolClient> {
  const began = thisMoment();
  for (;;) {
    try {
      return await connectWithLimits(pool);
    } catch (error) {
      if (!isCrowded(error) || pool.totalCount === 0 || passedSince(began) > waitMs) throw error;
    }
    // Others may be connecting, and fail too: then there is one fewer.
    pool.options.max = pool.totalCount;
    setTimeout(() => (pool.options.max = max), CROWDED_FOR_MS).unref();
  }
}

/** Opens a pool, which connects when it is first asked. */
export async function openPool(url: string, options: PoolOptions): Promise<PostgresPool> {
  const { max, waitMs, queryTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: waitMs,
    ...limitsOf(queryTimeoutMs),
    keepAlive: true,
    // Times are milliseconds in int8 columns, far below 2^53; pg would return them as text.
    types: { getTypeParser: (oid, format) => (oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) },
  });
  // Without listeners, a connection that breaks ends the process: while idle, or while a query has it, which reports the error as its own. The
  // second one is there from the first moment, as a server that fails over can end a connection in the packet that accepts it.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => void client.on("error", () => undefined));
  if (process.env.VERCEL) {
    const { attachDatabasePool } = await import("@vercel/functions");
    attachDatabasePool(pool);
  }
  return discardUnresponsive({ connect: () => connectInCrowd(pool, options), end: () => pool.end() });
}
