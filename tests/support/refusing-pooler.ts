import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { deferred } from "@/tests/support/deferred";

/** A way to a Postgres that takes no settings at the start of a connection, as PgBouncer does not. Cancel requests pass. */
export interface RefusingPooler {
  /** The same URL by way of the pooler. */
  url: string;
  /** How many connections it has refused. */
  refused(): number;
  /** How many cancel requests have come. */
  cancelled(): number;
  /** Keeps cancel requests back until what it returns is called. */
  holdCancels(): () => void;
  /** Breaks the connections that are open, towards the clients only: the server notices when it writes to them. */
  breakOpen(): void;
  close(): Promise<void>;
}

const CANCEL_REQUEST = 80_877_102;

/** An ErrorResponse as PgBouncer words it. */
function refusal(): Buffer {
  const fields = "SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0";
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + fields.length);
  return Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)]);
}

/** The first message of a connection: length, code, and what belongs to it. */
async function firstMessage(client: Socket): Promise<Buffer> {
  let received = Buffer.alloc(0);
  while (received.length < 8 || received.length < received.readInt32BE(0)) {
    const [chunk]: unknown[] = await once(client, "data");
    if (Buffer.isBuffer(chunk)) received = Buffer.concat([received, chunk]);
  }
  client.pause();
  return received;
}

/** Starts such a pooler in front of the server that `target` names. */
export async function startRefusingPooler(target: string): Promise<RefusingPooler> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const counts = { refused: 0, cancelled: 0 };
  let mayCancel = Promise.resolve();
  const keep = (socket: Socket) => sockets.add(socket.on("error", () => undefined)) && socket;
  const accept = async (client: Socket) => {
    clients.add(client);
    const start = await firstMessage(client);
    if (start.readInt32BE(4) === CANCEL_REQUEST) {
      counts.cancelled += 1;
      await mayCancel;
    } else if (/statement_timeout|lock_timeout/.test(start.toString("latin1"))) {
      counts.refused += 1;
      client.end(refusal());
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
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The pooler has no port");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    const closed = once(server, "close");
    server.close();
    await closed;
  };
  return {
    url: Object.assign(new URL(target), { port: String(address.port) }).href,
    refused: () => counts.refused,
    cancelled: () => counts.cancelled,
    holdCancels() {
      const { promise, resolve } = deferred<void>();
      mayCancel = promise;
      return resolve;
    },
    breakOpen() {
      for (const client of clients) client.resetAndDestroy();
    },
    close,
  };
}
