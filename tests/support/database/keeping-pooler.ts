import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { listenFor, type ProxyServer } from "@/tests/support/database/proxy-server";

/** AuthenticationOk, and ReadyForQuery (idle). */
const WELCOME = Buffer.from("R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I", "latin1");

/** The last message of a client that leaves. */
const TERMINATE = Buffer.from("X\0\0\0\x04", "latin1");

/** The last message of an answer, outside a transaction: ReadyForQuery (idle). */
const READY = Buffer.from("Z\0\0\0\x05I", "latin1");

/**
 * Starts a pooler in front of the server that `target` names: like PgBouncer, it keeps a connection to the server when its client leaves, and gives it to
 * the next client, whatever settings it has. A connection that is not ready for a statement, as one that the server is about to end, is not kept.
 */
export async function startKeepingPooler(target: string): Promise<ProxyServer> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const ready = new WeakSet<Socket>();
  let idle: Socket[] = [];
  const keep = (socket: Socket) => sockets.add(socket.on("error", () => undefined)) && socket;

  const open = (client: Socket, start: Buffer): Socket => {
    const kept = idle.shift();
    if (kept) {
      client.write(WELCOME);
      return kept;
    }
    const upstream = keep(connect(Number(port), hostname));
    upstream.once("close", () => (idle = idle.filter((socket) => socket !== upstream)));
    upstream.on("data", (chunk: Buffer) => {
      if (chunk.subarray(-READY.length).equals(READY)) ready.add(upstream);
      else ready.delete(upstream);
    });
    upstream.write(start);
    return upstream;
  };

  const serve = async (client: Socket): Promise<void> => {
    const [start]: unknown[] = await once(client, "data");
    if (!Buffer.isBuffer(start)) return;
    const upstream = open(client, start);
    const onEnd = () => client.end();
    upstream.pipe(client, { end: false });
    upstream.once("close", onEnd);
    const leave = () => {
      client.removeListener("close", leave);
      upstream.unpipe(client).removeListener("close", onEnd);
      if (ready.has(upstream)) idle.push(upstream.resume());
      else upstream.destroy();
      client.end();
    };
    client.once("close", leave).on("data", (chunk: Buffer) => {
      if (chunk.equals(TERMINATE)) return leave();
      ready.delete(upstream);
      upstream.write(chunk);
    });
  };

  const server = createServer((client) => void serve(keep(client)).catch(() => client.destroy()));
  return listenFor(target, server, () => sockets);
}

/** Leaves a read-only connection in a pooler. When this resolves, the pooler has it: a pool's `end` would not wait for that. */
export async function leaveReadOnly(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("set default_transaction_read_only = on");
  await client.end();
}
