import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { expect, vi } from "vitest";

/** Far more than is read of any answer, and an end for a test that fails. */
const ENDLESS = 64_000_000;

const REPEATED = Buffer.alloc(64_000, " ");

/** How such an answer is sent. */
export type Send = (response: ServerResponse, body: Readable) => void;

/** As it is. */
export const plain: Send = (response, body) => void body.pipe(response);

/** Small on the way, and as large as the others once it is unpacked. */
export const zipped: Send = (response, body) => {
  response.setHeader("Content-Encoding", "gzip");
  body.pipe(createGzip()).pipe(response);
};

/** Declares its length. */
export const declared: Send = (response, body) => {
  response.setHeader("Content-Length", ENDLESS);
  body.pipe(response);
};

/** Says that the answer is short, and goes on after that. */
export const lying: Send = (response, body) => {
  response.setHeader("Content-Length", 10);
  body.pipe(response);
};

/** As a refusal. */
export const refused: Send = (response, body) => {
  response.statusCode = 400;
  body.pipe(response);
};

/** A server whose answers do not end, and what it has seen. */
export interface Flood {
  origin: string;
  requests: number;
  /** How many answers the client broke off. */
  brokenOff: number;
  /** How much of the answers has been made so far, before any compression. */
  made: number;
  close(): Promise<void>;
}

/** A server all of whose answers are JSON that does not end for a long time. */
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

/** What the server saw: one request, whose answer was broken off long before its end. */
export async function expectCutOff(sent: Flood): Promise<void> {
  await vi.waitFor(() => expect(sent.brokenOff).toBe(1), { timeout: 5_000 });
  expect(sent.requests).toBe(1);
  // What had been made before the socket closed stands in buffers, of the compression too.
  expect(sent.made).toBeLessThan(ENDLESS / 2);
}
