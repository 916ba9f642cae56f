import type { ServerResponse } from "node:http";
import { startLocalServer } from "@/tests/support/local-server";

/** "broken": connections end without an answer. "silent": requests get none at all. */
type GateState = "open" | "broken" | "silent";

/** A proxy between a node and the app or browser. It does not affect the node and its chain. */
export interface RpcGate {
  /** The URL for RPC_URLS, PUBLIC_RPC_URLS or both. */
  rpcUrl: string;
  /** The JSON-RPC requests that arrived, in order, as text; a test may empty it. */
  requests: string[];
  /** Changes the state; requests that still wait lose their connection. */
  set(state: GateState): void;
  close(): Promise<void>;
}

/** The headers with which nodes let pages of other origins call them. */
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
