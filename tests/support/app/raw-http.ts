import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";

/** An answer as it was sent, for requests that `fetch` does not send. */
export interface RawAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** Opens a connection to this machine. Errors end it, like any other end. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined);
  return socket;
}

function parse(answer: string): RawAnswer {
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
  );
  return { status: Number(statusLine.split(" ")[1] ?? 0), headers, body: rest.join("\r\n\r\n") };
}

/** Reads the text of all answers that are still to come, until the server closes the connection. */
export function readRest(socket: Socket): Promise<string> {
  return text(socket).catch(() => "");
}

/** Reads until the server closes the connection. Status 0: it did so without an answer. */
export async function readToEnd(socket: Socket): Promise<RawAnswer> {
  return parse(await readRest(socket));
}

/** Sends a request line and headers as they are, and reads the answer. The server closes the connection. */
export async function sendRaw(port: number, requestLine: string, ...headers: readonly string[]): Promise<RawAnswer> {
  const socket = await openSocket(port);
  const host = headers.some((line) => /^host:/i.test(line)) ? [] : [`Host: localhost:${port}`];
  const closing = headers.some((line) => /^connection:/i.test(line)) ? [] : ["Connection: close"];
  socket.write([`${requestLine} HTTP/1.1`, ...host, ...closing, ...headers, "", ""].join("\r\n"));
  return readToEnd(socket);
}

/** The head of a request, exactly as given: no client checks or adds anything. */
export function head(url: string, [method, path]: readonly [string, string], lines: readonly string[] = []): string {
  const first = [`${method} ${path} HTTP/1.1`, `Host: ${new URL(url).host}`, "Connection: close"];
  return `${[...first, ...lines].join("\r\n")}\r\n\r\n`;
}

/**
 * Sends characters as bytes, and returns all that comes back until the app closes the connection. With `abandon`, the connection is closed as soon
 * as everything has been sent.
 */
export async function sendBytes(url: string, bytes: string, abandon = false): Promise<string> {
  const socket = await openSocket(Number(new URL(url).port));
  const sent = new Promise((written) => socket.write(Buffer.from(bytes, "latin1"), written));
  if (!abandon) return readRest(socket);
  await sent;
  socket.destroy();
  return "";
}
