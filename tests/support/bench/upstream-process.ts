import { createServer, request as ask, Agent, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Address } from "viem";
import { OPERATOR } from "@/sandbox/chain/chain-facts";
import { mintTokens } from "@/sandbox/chain/deploy";
import { nodeClient } from "@/sandbox/chain/node-client";
import { startChain } from "@/sandbox/chain/start";
import { permitSigner } from "@/sandbox/echo/permits/sign-permit";
import { startEcho } from "@/sandbox/echo/server";
import { freePort } from "@/tests/support/local-server";
import { ECHO } from "@/tests/support/app/upstream-gate";
import type { UpstreamOrder } from "@/tests/support/bench/upstream";

/**
 * A program: Echo and the sale's chain, in which each browser has entities of its own, with a door in front of Echo that takes a given time and
 * refuses a share. In a process of its own, as Echo is. The first argument is the redirect URI. It ends with its parent.
 */

const BLOCK_SECONDS = 2;
const MOST_GRANTS = 20_000;
const ONE_COIN = "0xde0b6b3a7640000";

const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const state = { latencyMs: 0, refusedShare: 0, answers: 0 };
const counts = { refused: 0, refreshes: 0 };

const [redirectUri = ""] = process.argv.slice(2);
const chain = await startChain({ port: 0, blockSeconds: BLOCK_SECONDS });
const port = await freePort();
const echo = await startEcho({
  port,
  redirectUris: [redirectUri],
  chainRpcUrl: chain.rpcUrl,
  mostGrants: MOST_GRANTS,
  demo: { publicUrl: `http://127.0.0.1:${port}`, permitSigner: permitSigner() },
});
const node = nodeClient(chain.rpcUrl);

/** Every so many requests in a row are refused: a share by chance would differ from run to run. */
function isRefused(): boolean {
  state.answers += 1;
  const { answers, refusedShare } = state;
  const refused = Math.floor(answers * refusedShare) > Math.floor((answers - 1) * refusedShare);
  if (refused) counts.refused += 1;
  return refused;
}

async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  await sleep(state.latencyMs);
  if (isRefused()) {
    incoming.resume();
    response.writeHead(429, { "Content-Type": "application/json", "Retry-After": "1" });
    response.end(JSON.stringify({ error: "rate_limited" }));
    return;
  }
  const { method, url = "", headers } = incoming;
  if (url === ECHO.refresh) counts.refreshes += 1;
  const forwarded = ask(echo.origin + url, { method, headers: { ...headers, host: `127.0.0.1:${port}` }, agent });
  forwarded.once("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  forwarded.once("error", () => response.destroy());
  incoming.pipe(forwarded);
}

/** Gives wallets coin for fees, and tokens. */
async function fund(wallets: readonly Address[]): Promise<void> {
  for (const wallet of wallets) {
    await node.request({ method: "anvil_setBalance", params: [wallet, ONE_COIN] });
    await mintTokens(node, OPERATOR, wallet);
  }
}

async function obey({ fund: wallets, ...settings }: UpstreamOrder): Promise<void> {
  Object.assign(state, settings, { answers: 0 });
  if (wallets) await fund(wallets);
  process.send?.(counts);
}

const door = createServer((incoming, response) => void pass(incoming, response));
door.keepAliveTimeout = 60_000;
door.listen(0, "127.0.0.1");
await once(door, "listening");
const address = door.address();
const doorPort = typeof address === "object" && address !== null ? address.port : 0;
process.on("message", (order: UpstreamOrder) => void obey(order));
process.once("disconnect", () => {
  door.close();
  door.closeAllConnections();
  agent.destroy();
  void echo.close().then(chain.close);
});
process.on("SIGINT", () => undefined);
process.send?.({ origin: `http://127.0.0.1:${doorPort}`, pages: echo.origin, rpcUrl: chain.rpcUrl });
