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
  /** From now on, requests for the logs of more blocks than this are refused, as many nodes do. */
  limitLogs(blocks: number): void;
  /** From now on, answers lack the logs after this block, without an error, as those of a node that is behind; `undefined`: no longer. */
  cutLogs(after: bigint | undefined): void;
  /** From now on, answers lack the logs before this block, without an error, as those of a node that keeps only recent ones. */
  forgetLogs(before: bigint | undefined): void;
  /** From now on, the newest block is called final, as on chains with immediate finality. */
  finalizeAtOnce(isImmediate: boolean): void;
  close(): Promise<void>;
}

/** The headers with which nodes let pages of other origins call them. */
const CORS_HEADERS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "POST",
  "Access-Control-Allow-Headers": "content-type",
};

/** The ways in which a node differs from the one behind the gate. */
interface NodeWays {
  mostBlocks: number;
  cutAfter: bigint | undefined;
  cutBefore: bigint | undefined;
  isImmediate: boolean;
}

/** The answer of a node that has only the logs of some blocks. */
function withSomeLogs({ cutAfter, cutBefore = 0n }: NodeWays, text: string): string {
  const { result, ...answer } = JSON.parse(text) as { result?: { blockNumber: string }[] };
  const has = (block: bigint) => block >= cutBefore && (cutAfter === undefined || block <= cutAfter);
  return JSON.stringify({ ...answer, result: result?.filter(({ blockNumber }) => has(BigInt(blockNumber))) });
}

async function forward(rpcUrl: string, asked: string, response: ServerResponse, ways: NodeWays): Promise<void> {
  const body = ways.isImmediate ? asked.replace('"finalized"', '"latest"') : asked;
  const answer = await fetch(rpcUrl, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const whole = await answer.text();
  const text = body.includes("eth_getLogs") ? withSomeLogs(ways, whole) : whole;
  response.writeHead(answer.status, { ...CORS_HEADERS, "Content-Type": "application/json" }).end(text);
}

/** The answer to a request for the logs of too many blocks; undefined for any other request. */
function refusal(body: string, mostBlocks: number): string | undefined {
  const { id, method, params }: { id: number; method: string; params?: unknown[] } = JSON.parse(body);
  if (method !== "eth_getLogs") return undefined;
  const { fromBlock = "0x0", toBlock = "0x0" } = Object(params?.[0]) as { fromBlock?: string; toBlock?: string };
  if (Number(toBlock) - Number(fromBlock) < mostBlocks) return undefined;
  const error = { code: -32_602, message: `eth_getLogs is limited to a ${mostBlocks} range` };
  return JSON.stringify({ jsonrpc: "2.0", id, error });
}

/** Starts an open gate in front of the node at `rpcUrl`. */
export async function startRpcGate(rpcUrl: string): Promise<RpcGate> {
  let state: GateState = "open";
  const waiting = new Set<ServerResponse>();
  const requests: string[] = [];
  const ways: NodeWays = { mostBlocks: Infinity, cutAfter: undefined, cutBefore: undefined, isImmediate: false };
  const server = await startLocalServer(async ({ method, body }, response) => {
    if (method === "POST") requests.push(body);
    if (state === "silent") return void waiting.add(response);
    if (state === "broken") return void response.destroy();
    if (method === "OPTIONS") return void response.writeHead(204, CORS_HEADERS).end();
    const refused = refusal(body, ways.mostBlocks);
    if (refused)
      return void response.writeHead(200, { ...CORS_HEADERS, "Content-Type": "application/json" }).end(refused);
    await forward(rpcUrl, body, response, ways).catch(() => response.destroy());
  });
  const set = (next: GateState) => {
    state = next;
    for (const response of waiting) response.destroy();
    waiting.clear();
  };
  return {
    rpcUrl: server.origin,
    requests,
    set,
    limitLogs: (blocks) => void (ways.mostBlocks = blocks),
    cutLogs: (after) => void (ways.cutAfter = after),
    forgetLogs: (before) => void (ways.cutBefore = before),
    finalizeAtOnce: (isImmediate) => void (ways.isImmediate = isImmediate),
    close: () => server.close(),
  };
}
