import type { ServerResponse } from "node:http";
import { startLocalServer } from "@/tests/support/local-server";

/** "broken": connections end without an answer. "silent": requests get none at all. */
type GateState = "open" | "broken" | "silent";

/** Stands between node and app or browser. The node and its chain go on behind it, whatever it does. */
export interface RpcGate {
  /** For RPC_URLS, PUBLIC_RPC_URLS or both. */
  rpcUrl: string;
  /** The JSON-RPC requests that arrived, in order, as text; a test may empty it. */
  requests: string[];
  /** From now on; whoever is still kept waiting loses the connection. */
  set(state: GateState): void;
  close(): Promise<void>;
}

/** What browsers want to hear before they let a page of another origin talk to a node; as nodes have it. */
const CORS_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST",
  "Access-Control-Allow-Headers": "content-type",
};

async function forward(rpcUrl: string, body: string, response: ServerResponse): Promise<void> {
  const answer = await fetch(rpcUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const text = await answer.text();
  response.writeHead(answer.status, { ...CORS_HEADERS, "Content-Type": "application/json" }).end(text);
}

/** Starts an open gate in front of the node at `rpcUrl`. */
export async function startRpcGate(rpcUrl: string): Promise<RpcGate> {
  let state: GateState = "open";
  const waiting = new Set<ServerResponse>();
  const requests: string[] = [];
  const server = await startLocalServer(async ({ method, body }, response) => {
    if (method === "POST") requests.push(body);
    if (state === "silent") return void waiting.add(response);
    if (state === "broken") return void response.destroy();
    if (method === "OPTIONS") return void response.writeHead(204, CORS_HEADERS).end();
    await forward(rpcUrl, body, response).catch(() => response.destroy());
  });
  const set = (next: GateState) => {
    state = next;
    for (const response of waiting) response.destroy();
    waiting.clear();
  };
  return { rpcUrl: server.origin, requests, set, close: () => server.close() };
}
