import { once } from "node:events";
import type { Socket } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { openSocket, readRest, readToEnd } from "@/tests/support/app/raw-http";
import { ECHO } from "@/tests/support/app/upstream-gate";

let bench: AppBench;
let port: number;

// The limits are short, so that a test need not wait for those of a real site. Without them, Node would keep these connections for minutes.
beforeAll(async () => {
  bench = await openAppBench({ HEADERS_SECONDS: "1", REQUEST_SECONDS: "3" });
  port = Number(new URL(bench.app.url).port);
  return () => bench.close();
});

async function open(sent: string): Promise<Socket> {
  const socket = await openSocket(port);
  onTestFinished(() => void socket.destroy());
  if (sent) socket.write(sent);
  return socket;
}

const GET = "GET /api/health HTTP/1.1\r\nHost: localhost\r\n";
const post = (length: number) =>
  `POST /auth/sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}\r\n\r\n`;

/** Sends a byte now and then until the connection ends. */
function drip(socket: Socket): void {
  const timer = setInterval(() => socket.write("a"), 100);
  socket.once("close", () => clearInterval(timer));
}

describe("a connection is closed", () => {
  it.each([
    ["on which nothing arrives", ""],
    ["on which half a request line arrives", "GET /api/he"],
    ["on which half the headers arrive", `${GET}X-A: `],
    ["on which half a body arrives", `${post(1_000)}returnTo=`],
    [
      "on which half a chunked body arrives",
      post(0).replace("Content-Length: 0", "Transfer-Encoding: chunked") + "5\r\nab",
    ],
  ])("%s", async (_name, sent) => {
    // Some answers come before the whole body, from the route; the connection ends all the same.
    expect((await readToEnd(await open(sent))).status).not.toBe(200);
  });

  it.each([
    ["headers", `${GET}X-A: `],
    ["a body", post(60_000)],
  ])("on which %s arrive byte by byte", async (_name, sent) => {
    const socket = await open(sent);
    drip(socket);
    await readToEnd(socket);
    expect(socket.destroyed).toBe(true);
  });

  it("that was kept after an answer, and on which half a request arrives", async () => {
    const socket = await open(`${GET}\r\n`);
    const [first] = await once(socket, "data");
    expect(String(first)).toMatch(/^HTTP\/1\.1 200/);
    socket.write(`${GET}X-A: `);
    expect(await readRest(socket)).toContain("HTTP/1.1 408 Request Timeout");
  });
});

/** Resolves when the limits have closed a connection that was opened now: both of them are over then. */
async function afterTheLimits(): Promise<void> {
  await readToEnd(await open(`${post(1_000)}a`));
}

describe("a connection stays", () => {
  it("while the answer takes longer than the request may", async () => {
    const user = await bench.connected();
    const hold = bench.gate.hold(ECHO.profile);
    const answer = user.call("getProfile", {});
    await hold.arrived;
    await afterTheLimits();
    hold.release();
    expect(await answer).toMatchObject({ ok: true });
  });

  it("that is kept between two requests", async () => {
    const socket = await open(`${GET}\r\n`);
    await once(socket, "data");
    await afterTheLimits();
    socket.write(`${GET}Connection: close\r\n\r\n`);
    expect(await readRest(socket)).toContain("HTTP/1.1 200 OK");
  });

  it("on which the longest body that is allowed arrives in pieces", async () => {
    const length = 60_000;
    const socket = await open(post(length).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    for (let sent = 0; sent < length; sent += 6_000) {
      const flushed = new Promise((resolve) => socket.write("a".repeat(6_000), resolve));
      await flushed;
    }
    // Refused for its missing origin, by the app: it was read.
    expect((await readToEnd(socket)).status).toBe(303);
  });
});
