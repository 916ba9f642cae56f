import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { expect, vi } from "vitest";

/** Far more than the app reads of any answer. It is finite so that a failing test ends. */
const ENDLESS = 64_000_000;

const REPEATED = Buffer.alloc(64_000, " ");

/** The way in which an endless answer is sent. */
export type Send = (response: ServerResponse, body: Readable) => void;

/** Sends the answer without compression or length. */
export const plain: Send = (response, body) => void body.pipe(response);

/** Compresses the answer: it is small on the network and large once unpacked. */
export const zipped: Send = (response, body) => {
  response.setHeader("Content-Encoding", "gzip");
  body.pipe(createGzip()).pipe(response);
};

/** Sends the answer's true length first. */
export const declared: Send = (response, body) => {
  response.setHeader("Content-Length", ENDLESS);
  body.pipe(response);
};

/** Announces a short answer and then continues to send. */
export const lying: Send = (response, body) => {
  response.setHeader("Content-Length", 10);
  body.pipe(response);
};

/** Sends the answer with status 400. */
export const refused: Send = (response, body) => {
  response.statusCode = 400;
  body.pipe(response);
};

/** A server whose answers do not end, with counts of its requests. */
export interface Flood {
  origin: string;
  requests: number;
  /** Answers that the client broke off. */
  brokenOff: number;
  /** Bytes of all answers so far, before compression. */
  made: number;
  close(): Promise<void>;
}

/** Starts a server that answers every request with JSON that hardly ever ends. */
export async function startFlood(send: Send): Promise<Flood> {
  const state = { requests: 0, brokenOff: 0, made: 0 };
  async function* endless() {
    yield Buffer.from("{");
    while (state.made < ENDLESS) {
      state.made += REPEATED.length;
      yield REPEATED;
      // All of a compressed answer would fit into the buffers of the socket before the client has its turn.
      await nextTurn();
    }
  }
  const server = createServer((request, response) => {
    state.requests += 1;
    request.resume();
    response.setHeader("Content-Type", "application/json");
    const body = Readable.from(endless());
    response.once("close", () => {
      if (!response.writableFinished) state.brokenOff += 1;
      body.destroy();
    });
    body.once("error", () => undefined);
    send(response, body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port }: AddressInfo = Object(server.address());
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return Object.assign(state, { origin: `http://127.0.0.1:${port}`, close });
}

/** The server got one request, and the client broke its answer off long before the end. */
export async function expectCutOff(sent: Flood): Promise<void> {
  await vi.waitFor(() => expect(sent.brokenOff).toBe(1), { timeout: 5_000 });
  expect(sent.requests).toBe(1);
  // Buffers, those of the compression too, hold the bytes made before the socket closed.
  expect(sent.made).toBeLessThan(ENDLESS / 2);
}
