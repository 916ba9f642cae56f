import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import type { Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openAppBench, type AppBench } from "@/tests/support/app/app-bench";
import { openSocket, readToEnd } from "@/tests/support/app/raw-http";

const CONNECTIONS = 20;

/** Connections and files that come and go by themselves: those of a database or of an upstream. */
const OTHERS = 8;

/** Milliseconds. */
const PATIENCE = { timeout: 15_000, interval: 100 };

let bench: AppBench;
let port: number;
let before: number;
let script: string;

/** What the process holds open: connections, files, pipes. */
function descriptors(): number {
  return readdirSync(`/proc/${bench.app.pid ?? ""}/fd`).length;
}

beforeAll(async () => {
  bench = await openAppBench({ STALLED_SECONDS: "2", KEEP_ALIVE_SECONDS: "1" });
  port = Number(new URL(bench.app.url).port);
  // Here, because the connections of these requests are kept.
  script = await largestScript();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await fetch(bench.app.url);
  if (existsSync("/proc/self/fd")) before = descriptors();
});

async function open(): Promise<Socket> {
  const socket = await openSocket(port);
  onTestFinished(() => void socket.destroy());
  return socket;
}

function everywhere(use: (socket: Socket) => Promise<void>): Promise<unknown> {
  return Promise.all(Array.from({ length: CONNECTIONS }, async () => use(await open())));
}

async function largestScript(): Promise<string> {
  const page = await (await fetch(bench.app.url)).text();
  const paths = [...new Set(page.match(/\/_next\/static\/[\w./~-]+\.js/g) ?? [])];
  const sizes = await Promise.all(
    paths.map(async (path) => ({ path, size: (await (await fetch(bench.app.url + path)).text()).length })),
  );
  return sizes.toSorted((a, b) => b.size - a.size)[0]?.path ?? "/";
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`;

describe.runIf(existsSync("/proc/self/fd"))("nothing stays open of a connection", () => {
  const expectNothingLeft = () =>
    vi.waitFor(() => expect(descriptors()).toBeLessThanOrEqual(before + OTHERS), PATIENCE);

  it("that asks for a tunnel, is refused and sends more", async () => {
    await everywhere(async (socket) => {
      socket.write("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
      const [answer]: unknown[] = await once(socket, "data");
      expect(String(answer)).toMatch(/^HTTP\/1\.1 405 /);
      socket.end("something");
    });
    await expectNothingLeft();
  });

  it("that asks for a tunnel and never closes its side", async () => {
    await everywhere(async (socket) => {
      socket.allowHalfOpen = true;
      socket.write("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
      await once(socket, "data");
    });
    await expectNothingLeft();
  });

  it("that sends further requests before it is answered, and breaks", async () => {
    await everywhere(async (socket) => {
      socket.write(get(script).repeat(40));
      await once(socket, "readable");
      socket.destroy();
    });
    await expectNothingLeft();
  });

  it("whose client reads nothing of a long answer", async () => {
    await everywhere(async (socket) => {
      socket.pause();
      socket.write(get(script));
      await Promise.resolve();
    });
    await expectNothingLeft();
  });
});

it("a connection is kept for requests that follow each other", async () => {
  const socket = await open();
  for (let request = 0; request < 3; request++) {
    socket.write(get("/api/health"));
    let answer = "";
    while (!answer.endsWith("\r\n0\r\n\r\n")) answer += String((await once(socket, "data"))[0]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  }
  socket.write(get("/api/health").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
  expect((await readToEnd(socket)).status).toBe(200);
});
