import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { limitConnections } from "@/lib/http/arrival-limits";
import { openSocket, readToEnd } from "@/tests/support/app/raw-http";

const FILES = 10;
const OF_CLIENTS = 6;

it("clients get a share of a process's files: further connections are closed, and those that are there are answered", async () => {
  const server = createServer((_request, response) => response.setHeader("Connection", "close").end("well"));
  limitConnections(server, FILES);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const open = async (): Promise<Socket> => {
    const socket = await openSocket(port);
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  const kept: Socket[] = [];
  for (let count = 0; count < OF_CLIENTS; count++) kept.push(await open());
  const surplus = await open();
  if (!surplus.closed) await once(surplus, "close");
  for (const socket of kept) {
    socket.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    expect((await readToEnd(socket)).status).toBe(200);
  }
});
