import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { sql } from "kysely";
import type { Database } from "@/lib/stores/database";
import { listenFor, type ProxyServer } from "@/tests/support/database/proxy-server";
import { deferred } from "@/tests/support/deferred";

/** Undoes a `Breakage`. */
type Repair = () => Promise<void>;

/** A way in which the database of a running app can fail. */
export interface Breakage {
  name: string;
  /** `database` is the test's own connection. */
  begin(database: Database): Promise<Repair>;
}

const TABLES = ["sessions", "connections", "transactions", "rates"];

const WRITES = TABLES.flatMap((table) =>
  ["insert", "update", "delete"].map((change) => ({ table, change, name: `refuse_${change}_${table}` })),
);

/**
 * Triggers refuse the writes. A lock on the file would not do: libsql keeps a statement that met one, with this process's own lock,
 * until garbage collection.
 */
async function refuseWrites({ kysely }: Database): Promise<Repair> {
  for (const { table, change, name } of WRITES) {
    const head = sql`create trigger ${sql.id(name)} before ${sql.raw(change)} on ${sql.table(table)}`;
    await sql`${head} begin select raise(abort, 'refused'); end`.execute(kysely);
  }
  return async () => {
    for (const { name } of WRITES) await sql`drop trigger ${sql.id(name)}`.execute(kysely);
  };
}

/** Makes new connections read-only and closes all others except the test's. */
async function makeReadOnly({ kysely }: Database): Promise<Repair> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(kysely);
  const name = rows[0]?.name ?? "";
  const set = async (value: "on" | "off") => {
    await kysely.connection().execute(async (connection) => {
      await sql`set default_transaction_read_only = off`.execute(connection);
      await sql`alter database ${sql.id(name)} set default_transaction_read_only = ${sql.raw(value)}`.execute(
        connection,
      );
      await sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`.execute(connection);
    });
  };
  await set("on");
  return () => set("off");
}

async function renameTable({ kysely }: Database, table: "sessions" | "connections"): Promise<Repair> {
  const away = `${table}_away`;
  await kysely.schema.alterTable(table).renameTo(away).execute();
  return () => kysely.schema.alterTable(away).renameTo(table).execute();
}

async function refuseDeletions({ engine, kysely }: Database): Promise<Repair> {
  if (engine === "sqlite") {
    const refusal = sql`select raise(abort, 'refused')`;
    await sql`create trigger refusal before delete on sessions begin ${refusal}; end`.execute(kysely);
    return async () => void (await sql`drop trigger refusal`.execute(kysely));
  }
  await sql`create function refuse() returns trigger language plpgsql as 'begin raise ''refused''; end'`.execute(
    kysely,
  );
  await sql`create trigger refusal before delete on sessions for each row execute function refuse()`.execute(kysely);
  return async () => void (await sql`drop function refuse cascade`.execute(kysely));
}

/** Nothing can be written. */
export const notWritable: Breakage = {
  name: "nothing can be written",
  begin: (database) => (database.engine === "sqlite" ? refuseWrites(database) : makeReadOnly(database)),
};

/** Rows of `tables` can be neither added nor changed, as on a full disk, on Postgres. A real one refuses only what needs a new page. */
export function noRoomIn(tables: readonly string[]): Breakage {
  return {
    name: `no room in ${tables.join(", ")}`,
    async begin({ kysely }) {
      const full = "begin raise exception sqlstate ''53100'' using message = ''could not extend file''; end";
      await sql.raw(`create function disk_full() returns trigger language plpgsql as '${full}'`).execute(kysely);
      for (const { table, change } of WRITES.filter(
        (write) => write.change !== "delete" && tables.includes(write.table),
      )) {
        const name = `full_${change}_${table}`;
        const head = sql`create trigger ${sql.id(name)} before ${sql.raw(change)} on ${sql.table(table)}`;
        await sql`${head} for each row execute function disk_full()`.execute(kysely);
      }
      return async () => void (await sql`drop function disk_full cascade`.execute(kysely));
    },
  };
}

/** Every write fails as on a full disk, on Postgres. */
export const diskFull: Breakage = { ...noRoomIn(TABLES), name: "the disk is full" };

/** Sessions can be neither read nor written. */
export const sessionsGone: Breakage = {
  name: "sessions can be neither read nor written",
  begin: (database) => renameTable(database, "sessions"),
};

/** A session cannot be ended, and all else works. */
export const sessionsStay: Breakage = { name: "no session can be ended", begin: refuseDeletions };

/** Connections can be neither read nor written, and all else works. */
export const connectionsGone: Breakage = {
  name: "connections can be neither read nor written",
  begin: (database) => renameTable(database, "connections"),
};

/** A proxy on which connections can stop without being closed, as they do when a machine disappears. */
export interface SilentProxy extends ProxyServer {
  /** Stops all traffic on the open connections; new ones work. */
  silenceOpen(): void;
}

/** Starts a TCP proxy in front of the server that `target` names. */
export async function startSilentProxy(target: string): Promise<SilentProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.pipe(upstream).pipe(client);
    for (const socket of pair) socket.on("error", () => undefined);
  });
  const silenceOpen = () => {
    for (const [client, upstream] of pairs) {
      client.unpipe(upstream).pause();
      upstream.unpipe(client).pause();
    }
  };
  return { ...(await listenFor(target, server, () => [...pairs].flat())), silenceOpen };
}

/**
 * A pooler in front of a Postgres that, like PgBouncer, refuses settings at the start of a connection, and forgets the cancel request of a client
 * that hangs up before it has been passed on.
 */
export interface RefusingPooler {
  /** The same URL through the pooler. */
  url: string;
  /** The number of connections that it has refused. */
  refused(): number;
  /** The number of cancel requests that came so far. */
  cancelled(): number;
  /** The number of those that were forgotten. */
  forgotten(): number;
  /** Holds cancel requests back until the returned function is called. */
  holdCancels(): () => void;
  /** Ignores the next cancel requests, as PgBouncer does while the statement waits in its queue. */
  ignoreCancels(count: number): void;
  /** Breaks the connections that are open, towards the clients only: the server notices when it writes to them. */
  breakOpen(): void;
  close(): Promise<void>;
}

const CANCEL_REQUEST = 80_877_102;

/** An ErrorResponse that ends the connection. */
function refusal(code: string, words: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C${code}\0M${words}\0\0`;
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + fields.length);
  return Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)]);
}

/** The first message of a connection: length, code and body. */
async function firstMessage(client: Socket): Promise<Buffer> {
  let received = Buffer.alloc(0);
  while (received.length < 8 || received.length < received.readInt32BE(0)) {
    const [chunk]: unknown[] = await once(client, "data");
    if (Buffer.isBuffer(chunk)) received = Buffer.concat([received, chunk]);
  }
  client.pause();
  return received;
}

/** Passes a cancel request on, and closes when the server has closed. Returns false if the client has left meanwhile. */
async function passCancel(client: Socket, upstream: Socket, request: Buffer, mayPass: Promise<void>): Promise<boolean> {
  // Without anybody who reads, the end of the stream would not show.
  client.resume();
  await Promise.all([once(upstream, "connect"), mayPass]);
  const isGone = client.readableEnded || client.destroyed;
  if (isGone) upstream.destroy();
  else upstream.end(request).pipe(client);
  return !isGone;
}

/** Starts such a pooler in front of the server that `target` names. */
export async function startRefusingPooler(target: string): Promise<RefusingPooler> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const counts = { refused: 0, cancelled: 0, forgotten: 0 };
  let mayCancel = Promise.resolve();
  let toIgnore = 0;
  const keep = (socket: Socket) => sockets.add(socket.on("error", () => undefined)) && socket;
  const accept = async (client: Socket) => {
    clients.add(client);
    const start = await firstMessage(client);
    if (start.readInt32BE(4) === CANCEL_REQUEST) {
      counts.cancelled += 1;
      if (toIgnore > 0) {
        toIgnore -= 1;
        client.end();
        return;
      }
      const upstream = keep(connect(Number(port), hostname));
      if (!(await passCancel(client, upstream, start, mayCancel))) counts.forgotten += 1;
      return;
    }
    if (/statement_timeout|lock_timeout/.test(start.toString("latin1"))) {
      counts.refused += 1;
      // As PgBouncer says it.
      client.end(refusal("08P01", "unsupported startup parameter: statement_timeout"));
      return;
    }
    const upstream = keep(connect(Number(port), hostname));
    upstream.write(start);
    client.pipe(upstream, { end: false }).pipe(client);
    client.once("end", () => upstream.end());
    client.once("close", () =>
      upstream
        .unpipe()
        .resume()
        .on("data", () => upstream.destroy()),
    );
  };
  const server = createServer((client) => void accept(keep(client)).catch(() => client.destroy()));
  const proxy = await listenFor(target, server, () => sockets);
  return {
    ...proxy,
    refused: () => counts.refused,
    cancelled: () => counts.cancelled,
    forgotten: () => counts.forgotten,
    holdCancels() {
      const { promise, resolve } = deferred<void>();
      mayCancel = promise;
      return resolve;
    },
    ignoreCancels: (count) => void (toIgnore = count),
    breakOpen() {
      for (const client of clients) client.resetAndDestroy();
    },
  };
}

/** "Z", the length, and "idle": the server is ready for a first query. */
const READY_FOR_QUERY = Buffer.from("Z\0\0\0\x05I", "latin1");

/**
 * Starts a proxy that ends the first connections, so many as `count`, in the moment in which they are made: a fail-over's last word comes together
 * with the server's first.
 */
export async function startEndingProxy(target: string, count: number): Promise<ProxyServer> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let left = count;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) sockets.add(socket.on("error", () => undefined));
    client.pipe(upstream);
    upstream.on("data", (chunk) => {
      if (left === 0 || !chunk.subarray(-READY_FOR_QUERY.length).equals(READY_FOR_QUERY))
        return void client.write(chunk);
      left -= 1;
      client.end(Buffer.concat([chunk, refusal("57P01", "terminating connection due to administrator command")]));
    });
    upstream.on("end", () => client.end());
  });
  return listenFor(target, server, () => sockets);
}
