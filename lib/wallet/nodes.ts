import { BaseError, custom, http, HttpRequestError, RpcRequestError, type Transport } from "viem";
import { parseJson } from "@/lib/http/parse-json";

// The server reads through it too. Proxies, gateways and overloaded nodes answer with status 200 and without a usable result in many
// forms: a page, nothing, {}, a list, another request's answer, null, another chain's or yesterday's state. viem's own fallback asks the
// next URL only after an error, and would hand these on as results.

interface RpcRequest {
  method: string;
  params?: unknown;
}

interface Node {
  url: string;
  ask: (request: RpcRequest) => Promise<unknown>;
}

type FetchFn = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** How the nodes of one chain are asked. */
interface NodeOptions {
  chainId: number;
  /** Of one request to one node, in milliseconds. */
  timeout?: number;
  fetchFn?: FetchFn;
  /** Rounds over all nodes after the first one; viem's default if absent. */
  retryCount?: number;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function idOf(body: unknown): unknown {
  const request = typeof body === "string" ? parseJson(body) : undefined;
  return isRecord(request) ? request.id : undefined;
}

/** True for an answer to this request (JSON-RPC 2.0 section 5). Some gateways omit the id, or write it as text. */
function answers(body: unknown, id: unknown): boolean {
  if (!isRecord(body) || ((body.error ?? undefined) === undefined && body.result === undefined)) return false;
  return (body.id ?? undefined) === undefined || String(body.id) === String(id);
}

/** viem takes whatever arrives for the answer, without a look at its form or id. */
function checkedFetch(fetchFn: FetchFn): FetchFn {
  return async (input, init) => {
    const response = await fetchFn(input, init);
    if (!response.ok) return response;
    const text = await response.text();
    if (!answers(parseJson(text), idOf(init?.body))) throw new Error("not an answer to this request");
    return new Response(text, { headers: { "content-type": "application/json" } });
  };
}

const QUANTITY = /^0x[0-9a-f]+$/i;
const DATA = /^0x(?:[0-9a-f]{2})*$/i;

function isText(form: RegExp) {
  return (result: unknown) => typeof result === "string" && form.test(result);
}

interface Block {
  number: string;
  timestamp: string;
}

function isBlock(result: unknown): result is Block {
  return isRecord(result) && [result.number, result.timestamp].every(isText(QUANTITY));
}

/** The forms of results, for the methods with only one form. */
const FORMS: ReadonlyMap<string, (result: unknown) => boolean> = new Map([
  ["eth_blockNumber", isText(QUANTITY)],
  ["eth_call", isText(DATA)],
  ["eth_chainId", isText(QUANTITY)],
  ["eth_estimateGas", isText(QUANTITY)],
  ["eth_feeHistory", isRecord],
  ["eth_gasPrice", isText(QUANTITY)],
  ["eth_getBalance", isText(QUANTITY)],
  // It is asked only for blocks that a node has just named: one that does not know it is behind.
  ["eth_getBlockByHash", isBlock],
  ["eth_getCode", isText(DATA)],
  ["eth_getLogs", Array.isArray],
  ["eth_getTransactionCount", isText(QUANTITY)],
  ["eth_maxPriorityFeePerGas", isText(QUANTITY)],
  ["eth_sendRawTransaction", isText(DATA)],
]);

function firstParam({ params }: RpcRequest): unknown {
  return Array.isArray(params) ? params[0] : undefined;
}

function isLatestBlock(request: RpcRequest): boolean {
  return request.method === "eth_getBlockByNumber" && firstParam(request) === "latest";
}

function isUsable(request: RpcRequest, result: unknown): boolean {
  return isLatestBlock(request) ? isBlock(result) : (FORMS.get(request.method)?.(result) ?? result !== undefined);
}

/**
 * A call that returned nothing. A call of code that is sent along always returns something. One of a contract returns nothing if the node
 * knows no contract there: it may be behind, while another node knows it.
 */
function isEmptyCall({ method }: RpcRequest, result: unknown): boolean {
  return method === "eth_call" && result === "0x";
}

function isDeployless(request: RpcRequest): boolean {
  const call = firstParam(request);
  return isRecord(call) && (call.to ?? undefined) === undefined;
}

/** True if the contract itself refused: every node would give the same answer. Any other error is the node's. */
function isRevert(error: unknown): boolean {
  const refusal = error instanceof BaseError ? error.walk((cause) => cause instanceof RpcRequestError) : null;
  if (!(refusal instanceof RpcRequestError)) return false;
  const { code, data, details } = refusal;
  const hasData = typeof data === "string" && /^(?:reverted )?0x[0-9a-f]{8}/i.test(data);
  return code === 3 || hasData || /\brevert(?:ed)?\b|gas required exceeds allowance/i.test(details);
}

/** A node's latest block may be this old (seconds) before others are asked whether they have a newer one. */
const FRESH_SECONDS = 300;

/** A node of another chain, or one that is behind, is asked last for this long (milliseconds). */
const LAST_FOR_MS = 60_000;

const lastUntil = new Map<string, number>();
const chainIds = new Map<string, Promise<number>>();

function inOrder(nodes: readonly Node[]): Node[] {
  const isLast = ({ url }: Node) => (lastUntil.get(url) ?? 0) > Date.now();
  return [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast)];
}

function putLast({ url }: Node): void {
  lastUntil.set(url, Date.now() + LAST_FOR_MS);
}

function unusable(url: string, body: RpcRequest, details: string): HttpRequestError {
  return new HttpRequestError({ url, body: { method: body.method }, details });
}

async function readChainId(node: Node): Promise<number> {
  const request = { method: "eth_chainId" };
  const result = await node.ask(request);
  if (!isUsable(request, result)) throw unusable(node.url, request, "no chain id");
  return Number(result);
}

/** The chain of a node, which is asked once. A wrong one is asked again, since its operator may have corrected it. */
async function requireChain(node: Node, chainId: number): Promise<void> {
  const asked = chainIds.get(node.url) ?? readChainId(node);
  chainIds.set(node.url, asked);
  const found = await asked.catch((error: unknown) => {
    chainIds.delete(node.url);
    throw error;
  });
  if (found === chainId) return;
  chainIds.delete(node.url);
  putLast(node);
  throw unusable(node.url, { method: "eth_chainId" }, "another chain");
}

function isBehind(block: Block): boolean {
  return Date.now() / 1_000 - Number(block.timestamp) > FRESH_SECONDS;
}

/** Throws if the result is of no use. */
async function askNode(node: Node, request: RpcRequest, chainId: number | undefined): Promise<unknown> {
  if (chainId !== undefined) await requireChain(node, chainId);
  const result = await node.ask(request);
  const isEmpty = isEmptyCall(request, result) && isDeployless(request);
  if (!isUsable(request, result) || isEmpty) throw unusable(node.url, request, "no usable result");
  return result;
}

/** The more telling of two nodes' errors: a node's own answer says more than a connection that failed. */
function moreTelling(earlier: unknown, later: unknown): unknown {
  const isAnswer = (error: unknown) =>
    error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null;
  return isAnswer(earlier) && !isAnswer(later) ? earlier : later;
}

/**
 * Asks one node after the other until one gives a usable result. If no node has a recent block, the newest is the answer; if all find no
 * contract, that is the answer.
 */
async function askInTurn(nodes: readonly Node[], request: RpcRequest, chainId: number): Promise<unknown> {
  let failed: unknown = unusable("", request, "no node is known");
  let newest: Block | undefined;
  let empty: unknown;
  for (const node of inOrder(nodes)) {
    try {
      const result = await askNode(node, request, nodes.length > 1 ? chainId : undefined);
      if (isEmptyCall(request, result)) {
        empty = result;
      } else if (isLatestBlock(request) && isBlock(result) && isBehind(result)) {
        putLast(node);
        if (!newest || BigInt(result.number) > BigInt(newest.number)) newest = result;
      } else {
        return result;
      }
    } catch (error) {
      if (isRevert(error)) throw error;
      failed = moreTelling(failed, error);
    }
  }
  if (newest ?? empty) return newest ?? empty;
  throw failed;
}

/** Asks the nodes at these URLs, the preferred one first. Another one is asked if the answer is an error of the node, or is of no use. */
export function nodesTransport(
  urls: readonly string[],
  { chainId, timeout, fetchFn = (input, init) => fetch(input, init), retryCount }: NodeOptions,
): Transport {
  const transports = urls.map((url) => http(url, { timeout, fetchFn: checkedFetch(fetchFn) }));
  return (config) => {
    const nodes = transports.map((transport, at): Node => {
      const { request } = transport({ ...config, retryCount: 0 });
      return { url: urls[at] ?? "", ask: request };
    });
    const request = (asked: RpcRequest) => askInTurn(nodes, asked, chainId);
    return custom({ request }, { key: "nodes", name: "Nodes in turn", retryCount })(config);
  };
}
