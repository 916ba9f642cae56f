import { once } from "node:events";
import { lookup } from "node:dns/promises";
import { hostname, networkInterfaces } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { ownSamples } from "@/lib/config/own-settings";
import { copyProject } from "@/scripts/project-copy";
import { appEnvironment } from "@/tests/support/app/app-environment";
import { isListening, startCommand, type CommandProcess } from "@/tests/support/app/app-process";
import { openSocket, sendRaw } from "@/tests/support/app/raw-http";
import { freePort } from "@/tests/support/local-server";
import { temporaryFolder } from "@/tests/support/temporary-folder";

/** Milliseconds. The first answer of a development server is compiled. */
const PATIENCE = { timeout: 120_000, interval: 200 };

const folder = temporaryFolder();
const copy = join(folder.path, "app");

// The developer's own server may run in this project's folder, and Next allows one in each.
beforeAll(() => {
  copyProject(copy);
  return () => folder.remove();
}, PATIENCE.timeout);

/** `npm run dev` with these arguments and variables. */
async function startDevelopment(args: readonly string[] = [], more: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const env = appEnvironment({ databaseUrl: `file:${folder.path}/app.db`, sandboxPort: await freePort() });
  const command = ["node", join(copy, "scripts/next.mjs"), "dev", ...args] as const;
  const server = startCommand([...command], { ...ownSamples, ...env, PORT: String(port), ...more }, copy);
  await vi.waitFor(() => expect(server.logs()).toContain("Ready in"), PATIENCE);
  return { port, server };
}

async function end({ server, port }: { server: CommandProcess; port: number }): Promise<void> {
  server.kill("SIGTERM");
  await server.ended;
  await vi.waitFor(async () => expect(await isListening(port, "127.0.0.1")).toBe(false), PATIENCE);
  server.endAll();
}

/** The addresses at which other machines reach this one. */
function outerAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  // An address of one link only works with the name of its interface.
  return all.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address);
}

describe("npm run dev", () => {
  let port: number;

  beforeAll(async () => {
    const development = await startDevelopment();
    ({ port } = development);
    const answered = async () => expect((await fetch(`http://localhost:${port}/api/health`)).status).toBe(200);
    await vi.waitFor(answered, PATIENCE).catch((error: unknown) => {
      throw new Error(development.server.logs(), { cause: error });
    });
    return () => end(development);
  }, 2 * PATIENCE.timeout);

  it("is reached at localhost and 127.0.0.1", async () => {
    for (const host of ["localhost", "127.0.0.1"])
      expect([host, (await fetch(`http://${host}:${port}/api/health`)).status]).toEqual([host, 200]);
  });

  it("is not reached from another machine", async () => {
    for (const address of outerAddresses())
      expect([address, await isListening(port, address)]).toEqual([address, false]);
  });

  it.each([
    "GET /",
    "GET /api/health",
    "POST /__nextjs_restart_dev",
    "GET /__nextjs_restart_dev",
    "POST /__nextjs_open-stack-frame",
    "GET /__nextjs_open-stack-frame?file=proxy.ts",
    "POST /__nextjs_original-stack-frames",
    "GET /__nextjs_source-map?filename=proxy.ts",
    "GET /__nextjs_server_status",
    "POST /__nextjs_attach-nodejs-inspector",
    "POST /_next/mcp",
    "GET /_next/static/chunks/a.js",
  ])("refuses %s to a page whose name leads to this machine (DNS rebinding)", async (requestLine) => {
    const answer = await sendRaw(
      port,
      requestLine,
      `Host: evil.example:${port}`,
      `Origin: http://evil.example:${port}`,
    );
    expect(answer.status).toBe(403);
    const withoutOrigin = await sendRaw(port, requestLine, `Host: evil.example:${port}`);
    expect([withoutOrigin.status, withoutOrigin.body]).toEqual([403, expect.stringContaining("set APP_URL")]);
  });

  const SOCKET = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
  const KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

  it("reloads pages of its own only", async () => {
    expect((await sendRaw(port, "GET /_next/hmr", `Host: evil.example:${port}`, ...SOCKET, KEY)).status).toBe(403);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`]) {
      const socket = await openSocket(port);
      onTestFinished(() => void socket.destroy());
      const lines = ["GET /_next/hmr?id=a HTTP/1.1", `Host: ${host}`, `Origin: http://${host}`, ...SOCKET, KEY, "", ""];
      socket.write(lines.join("\r\n"));
      const [first]: unknown[] = await once(socket, "data");
      expect([host, String(first)]).toEqual([host, expect.stringMatching(/^HTTP\/1\.1 101 /)]);
    }
  });
});

describe.each([
  ["--hostname 0.0.0.0", ["--hostname", "0.0.0.0"], {}],
  ["DEV_HOSTNAME=0.0.0.0", [], { DEV_HOSTNAME: "0.0.0.0" }],
])("npm run dev with %s", (_name, args, more) => {
  it("is reached from other machines too", async () => {
    const development = await startDevelopment(args, more);
    onTestFinished(() => end(development));
    const [address] = outerAddresses().filter((one) => !one.includes(":"));
    if (address !== undefined) expect(await isListening(development.port, address)).toBe(true);
  });
});

it("npm run dev --hostname NAME answers to that name, if it is this machine's", async () => {
  // Any name will do that leads here; most machines know their own.
  const isKnown = await lookup(hostname()).then(
    () => true,
    () => false,
  );
  if (!isKnown) return;
  const development = await startDevelopment(["--hostname", hostname()]);
  onTestFinished(() => end(development));
  const ask = async () => (await fetch(`http://${hostname()}:${development.port}/api/health`)).status;
  // The server compiles its checks for the first request.
  expect([await ask(), await ask()]).toEqual([200, 200]);
});
