import type { Socket } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { openAppBench } from "@/tests/support/app/app-bench";
import { appUrl, startCommand } from "@/tests/support/app/app-process";
import { openSocket, readToEnd } from "@/tests/support/app/raw-http";
import { freePort } from "@/tests/support/local-server";

/** The files that the server may open, and connections that would take all of them. */
const FILES = 1_024;
const CROWD = 1_100;

const READY = "/api/health?ready";

it("a crowd of idle connections before the first page takes no page away, neither meanwhile nor afterwards", async () => {
  const bench = await openAppBench();
  onTestFinished(() => bench.close());
  const port = await freePort();
  const url = appUrl(port);
  const folder = `file:${bench.databaseFile}.second`;
  const server = startCommand(["sh", "-c", `ulimit -n ${FILES}; exec "${process.execPath}" scripts/next.mjs start`], {
    ...bench.env,
    APP_URL: url,
    PORT: String(port),
    DATABASE_URL: folder,
  });
  onTestFinished(() => server.endAll());
  const isReady = async () => expect((await fetch(`${url}${READY}`)).ok, server.logs()).toBe(true);
  await vi.waitFor(isReady, { timeout: 30_000, interval: 100 });
  const sockets: Socket[] = [];
  const leave = () => sockets.forEach((socket) => socket.destroy());
  onTestFinished(leave);
  const visitor = await openSocket(port);
  for (let count = 0; count < CROWD; count++) sockets.push((await openSocket(port)).resume());
  // The server has taken as many as it can once it closes the last one.
  await vi.waitFor(() => expect(sockets.at(-1)?.closed).toBe(true), { timeout: 20_000 });
  visitor.write(`GET / HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\n\r\n`);
  expect((await readToEnd(visitor)).status).toBe(200);
  leave();
  for (const path of ["/", "/terms", "/privacy", "/activity", READY]) {
    expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200]);
  }
  expect(server.logs()).not.toContain('"level":50');
});
