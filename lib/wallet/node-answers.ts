import { BaseError, RpcRequestError } from "viem";
import { parseJson } from "@/lib/http/parse-json";

// Proxies, gateways and overloaded nodes answer with status 200 and without a usable result in many forms: a page, nothing, {}, a list, another
// request's answer, null, another chain's or yesterday's state. viem takes whatever arrives for the answer.

/** A question to a node. */
export interface RpcRequest {
  method: string;
  params?: unknown;
}

/** As the standard `fetch`. */
export type FetchFn = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

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

/**
 * A `fetch` that rejects what is no answer to the request. The whole body is read here, where viem's time limit counts: it reads that of an error
 * without one, so that a body that stops half-way would never end. Of the headers only the type is handed on: viem would wait for as long as
 * `Retry-After` says, an hour for example, without a word to whoever has pressed a button (issue 13).
 */
export function checkedFetch(fetchFn: FetchFn): FetchFn {
  return async (input, init) => {
    const response = await fetchFn(input, init);
    const text = await response.text();
    if (response.ok && !answers(parseJson(text), idOf(init?.body))) throw new Error("not an answer to this request");
    const headers = { "content-type": response.ok ? "application/json" : (response.headers.get("content-type") ?? "") };
    return new Response(text, { status: response.ok ? 200 : response.status, headers });
  };
}

const QUANTITY = /^0x[0-9a-f]+$/i;
const DATA = /^0x(?:[0-9a-f]{2})*$/i;

function isText(form: RegExp) {
  return (result: unknown) => typeof result === "string" && form.test(result);
}

/** What counts of a block. */
export interface Block {
  number: string;
  timestamp: string;
}

/** True for a block with a number and a time. */
export function isBlock(result: unknown): result is Block {
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

/** True for the question that shows how far a node is. */
export function isLatestBlock(request: RpcRequest): boolean {
  return request.method === "eth_getBlockByNumber" && firstParam(request) === "latest";
}

/** The block that a node has named as that of a transaction, or that was asked for by its number; undefined for any other answer. */
export function namedBlock(request: RpcRequest, result: unknown): bigint | undefined {
  if (!isRecord(result)) return undefined;
  const isByNumber = request.method === "eth_getBlockByNumber" && isText(QUANTITY)(firstParam(request));
  const number = isByNumber ? result.number : request.method === "eth_getTransactionReceipt" && result.blockNumber;
  return typeof number === "string" && QUANTITY.test(number) ? BigInt(number) : undefined;
}

function isDeployless(request: RpcRequest): boolean {
  const call = firstParam(request);
  return isRecord(call) && (call.to ?? undefined) === undefined;
}

/** True if a result has the form that its method promises. A call of code that is sent along always returns something. */
export function isUsable(request: RpcRequest, result: unknown): boolean {
  if (isLatestBlock(request)) return isBlock(result);
  if (request.method === "eth_call" && result === "0x" && isDeployless(request)) return false;
  return FORMS.get(request.method)?.(result) ?? result !== undefined;
}

/** Each has the answer null for what the node does not know. */
const MAY_BE_UNKNOWN: ReadonlySet<string> = new Set([
  "eth_getBlockByNumber",
  "eth_getTransactionByHash",
  "eth_getTransactionReceipt",
]);

/**
 * True if the node knows nothing of what was asked for: no transaction, no block, no contract at that address. It may be behind, while another
 * node knows it.
 */
export function isNothing({ method }: RpcRequest, result: unknown): boolean {
  return method === "eth_call" ? result === "0x" : MAY_BE_UNKNOWN.has(method) && result === null;
}

/** True if the contract itself refused: every node would give the same answer. Any other error is the node's. */
export function isRevert(error: unknown): boolean {
  const refusal = error instanceof BaseError ? error.walk((cause) => cause instanceof RpcRequestError) : null;
  if (!(refusal instanceof RpcRequestError)) return false;
  const { code, data, details } = refusal;
  const hasData = typeof data === "string" && /^(?:reverted )?0x[0-9a-f]{8}/i.test(data);
  return code === 3 || hasData || /\brevert(?:ed)?\b|gas required exceeds allowance/i.test(details);
}
