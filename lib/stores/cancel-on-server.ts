import "server-only";
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import type pg from "pg";

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
