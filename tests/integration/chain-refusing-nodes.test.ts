import { createPublicClient } from "viem";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { nodesTransport } from "@/lib/wallet/nodes";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { startLocalServer, type Handler, type LocalServer } from "@/tests/support/local-server";

let chain: RunningChain;
const servers: LocalServer[] = [];

beforeAll(async () => {
  chain = await startChain({ port: 0 });
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(() => chain.close());

async function nodeThat(handle: Handler): Promise<string> {
  const server = await startLocalServer(handle);
  servers.push(server);
  return server.origin;
}

function clientOf(urls: readonly string[]) {
  const options = { chainId: SANDBOX_DEFAULT_CHAIN_ID, timeout: 500 };
  return createPublicClient({ transport: nodesTransport(urls, options), cacheTime: 0 });
}

/** An error whose body stops half-way. */
const stalls =
  (status: number): Handler =>
  (_request, response) =>
    new Promise<void>((resolve) => {
      response.on("close", resolve);
      response.writeHead(status, { "Content-Type": "text/html" }).write("<!doctype html><h1>Bad");
    });

it.each([429, 500, 502])(
  "an error %d whose body never ends is waited for no longer than an answer",
  async (status) => {
    const bad = await nodeThat(stalls(status));
    expect(await clientOf([bad, chain.rpcUrl]).getBlockNumber()).toBeGreaterThanOrEqual(0n);
    await expect(clientOf([bad]).getBlockNumber()).rejects.toThrow();
  },
  15_000,
);

it("a node that asks to be left alone for an hour is asked again as soon as any other that refuses", async () => {
  let refusals = 1;
  const limited = await nodeThat(async ({ body }, response) => {
    refusals -= 1;
    if (refusals >= 0) return void response.writeHead(429, { "Retry-After": "3600" }).end();
    const answer = await fetch(chain.rpcUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    response.writeHead(200, { "Content-Type": "application/json" }).end(await answer.text());
  });
  expect(await clientOf([limited]).getBlockNumber()).toBeGreaterThanOrEqual(0n);
});
