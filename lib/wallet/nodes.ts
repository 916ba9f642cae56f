import { BaseError, custom, http, RpcRequestError, type Transport } from "viem";
import {
  checkedFetch,
  isBlock,
  isLatestBlock,
  isNothing,
  isRevert,
  isUsable,
  namedBlock,
  type FetchFn,
  type RpcRequest,
} from "@/lib/wallet/node-answers";
import {
  checkHeads,
  inOrder,
  isBehindOthers,
  isLast,
  isSilent,
  lookAtSilent,
  noteHead,
  noteNeeded,
  noteShown,
  putLast,
  requireChain,
  unusable,
  type Node,
} from "@/lib/wallet/node-order";

// The server reads through it too. viem's own fallback asks the next URL only after an error, and would hand on what is no usable result.

/** How the nodes of one chain are asked. */
interface NodeOptions {
  chainId: number;
  /** Of one request to one node, in milliseconds. */
  timeout?: number;
  fetchFn?: FetchFn;
  /** Rounds over all nodes after the first one; viem's default if absent. */
  retryCount?: number;
}

/** Throws if the result is of no use. */
async function askNode(node: Node, request: RpcRequest): Promise<unknown> {
  const result = await node.ask(request);
  if (!isUsable(request, result)) throw unusable(node.url, request, "no usable result");
  if (request.method === "eth_blockNumber") noteShown(node, BigInt(String(result)));
  return result;
}

/** Notes the block that was asked for, or that has the transaction that was: what is read later must include it. */
function noteNamed(request: RpcRequest, result: unknown, { node, chainId }: { node: Node; chainId: number }): void {
  const number = namedBlock(request, result);
  if (number === undefined) return;
  noteShown(node, number);
  noteNeeded(chainId, number);
}

/** The more telling of two nodes' errors: a node's own answer says more than a connection that failed. */
function moreTelling(earlier: unknown, later: unknown): unknown {
  const isAnswer = (error: unknown) =>
    error instanceof BaseError && error.walk((cause) => cause instanceof RpcRequestError) !== null;
  return isAnswer(earlier) && !isAnswer(later) ? earlier : later;
}

/**
 * True if it means something that this node does not know what is asked for. A transaction without a receipt counts as replaced once its nonce
 * is used, which another node may have told; all else is only asked for again.
 */
async function tellsAbsence(node: Node, request: RpcRequest, nodes: readonly Node[]): Promise<boolean> {
  if (request.method !== "eth_getTransactionReceipt") return true;
  if (isBehindOthers(node, nodes)) await askNode(node, { method: "eth_blockNumber" });
  return !isBehindOthers(node, nodes);
}

/** The node that knew nothing of what was asked for, and its answer. */
interface Unknown {
  node: Node;
  result: unknown;
}

/** The newest block, or its number, that a node without a recent one has told. */
interface Newest {
  node: Node;
  number: bigint;
  result: unknown;
}

/** What a node has told of its latest block, if that is old: another one may have a newer one. */
function oldBlock(
  request: RpcRequest,
  result: unknown,
  { node, nodes, chainId }: { node: Node; nodes: readonly Node[]; chainId: number },
): Newest | undefined {
  if (isLatestBlock(request) && isBlock(result))
    return noteHead(node, result, chainId) ? undefined : { node, number: BigInt(result.number), result };
  const isOver = request.method === "eth_blockNumber" && isLast(node) && isBehindOthers(node, nodes.filter(isSilent));
  return isOver ? { node, number: BigInt(String(result)), result } : undefined;
}

/**
 * Asks one node after the other until one gives a usable result. If no node has a recent block, the newest is the answer, unless a node that
 * fails has shown a newer one: what is known to be over is no answer. If all that answer know nothing, that is.
 */
async function askInTurn(nodes: readonly Node[], request: RpcRequest, chainId: number): Promise<unknown> {
  let failed: unknown = unusable("", request, "no node is known");
  let newest: Newest | undefined;
  let unknown: Unknown | undefined;
  const unheard = new Set(nodes);
  for (const node of inOrder(nodes)) {
    // One that is behind or fails knows no more, and would be waited for at every poll of a pending transaction, or of a block that is awaited.
    if (unknown && !isLast(unknown.node) && isLast(node)) break;
    if ((unknown ?? newest) && isSilent(node)) break;
    try {
      if (nodes.length > 1) await requireChain(node, chainId);
      // Looked at before the answer: a block may come in between.
      const isComplete = unknown !== undefined || (await tellsAbsence(node, request, nodes));
      const result = await askNode(node, request);
      unheard.delete(node);
      const old = oldBlock(request, result, { node, nodes, chainId });
      if (isNothing(request, result)) {
        if (!isComplete) throw unusable(node.url, request, "behind");
        unknown ??= { node, result };
      } else if (old) {
        if (!newest || old.number > newest.number) newest = old;
      } else {
        noteNamed(request, result, { node, chainId });
        return result;
      }
    } catch (error) {
      if (isRevert(error)) throw error;
      if (unknown ?? newest) putLast(node);
      failed = moreTelling(failed, error);
    }
  }
  if (newest && !isBehindOthers(newest.node, [...unheard])) return newest.result;
  if (unknown) return unknown.result;
  throw newest ? unusable(newest.node.url, request, "behind") : failed;
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
    const request = async (asked: RpcRequest) => {
      // The latest block itself shows how far a node is, and one node is asked whatever its block.
      if (nodes.length > 1 && !isLatestBlock(asked)) await checkHeads(nodes, chainId);
      if (nodes.length > 1) await lookAtSilent(nodes, chainId);
      return askInTurn(nodes, asked, chainId);
    };
    return custom({ request }, { key: "nodes", name: "Nodes in turn", retryCount })(config);
  };
}
