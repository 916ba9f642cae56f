import { HttpRequestError } from "viem";
import { passedSince, thisMoment, type Moment } from "@/lib/http/deadline";
import { isBlock, isUsable, type Block, type RpcRequest } from "@/lib/wallet/node-answers";

/** A node, which answers at this URL. */
export interface Node {
  url: string;
  ask: (request: RpcRequest) => Promise<unknown>;
}

/**
 * A node's latest block may be this old (seconds) before others are asked whether they have a newer one. A chain that makes blocks less often than
 * that has its nodes asked in turn each time. With the time between two looks at a head, it is less than the minute after which pages say that they
 * may be out of date (`isOutdated`): nobody is to be told so because of one node that has stopped (issue 13).
 */
const FRESH_SECONDS = 30;

/** A node of another chain, or one that is behind, is asked last for this long (milliseconds). */
const LAST_FOR_MS = 60_000;

/** The head of a node that has shown a recent block is looked at again after this time (milliseconds). */
const CHECKED_FOR_MS = 20_000;

/** A node that has failed is looked at again after this time (milliseconds), where all that the others tell is over. */
const SILENT_AGAIN_MS = 3_000;

/** What is known of a node. */
interface Standing {
  /** The number of its latest block, as far as it is known. */
  head?: bigint;
  /** The number of the newest block that it has shown, which outlasts its failures. */
  shown?: bigint;
  /** When it last showed a recent block. */
  recentAt?: Moment;
  /** When it was put last. */
  lastAt?: Moment;
  /** A look at its head that is under way. */
  checking?: Promise<void>;
}

const standings = new Map<string, Standing>();
/** By chain, the newest block that answers must include. */
const floors = new Map<number, bigint>();
const chainIds = new Map<string, Promise<number>>();

function standingOf({ url }: Node): Standing {
  const standing = standings.get(url) ?? {};
  standings.set(url, standing);
  return standing;
}

/** True for a node that is asked only after those that are not. */
export function isLast(node: Node): boolean {
  const { lastAt } = standingOf(node);
  return lastAt !== undefined && passedSince(lastAt) < LAST_FOR_MS;
}

/** True for a node that is asked last and has shown no block since: it has failed, and may be waited for in vain. */
export function isSilent(node: Node): boolean {
  return isLast(node) && standingOf(node).head === undefined;
}

/** Has a node asked last for a minute, because its answers are of no use. */
export function putLast(node: Node): void {
  const standing = standingOf(node);
  standing.lastAt = thisMoment();
  delete standing.head;
  delete standing.recentAt;
}

function isBehind({ timestamp }: Block): boolean {
  // A block's time is the world's, which only the wall clock tells.
  return Date.now() / 1_000 - Number(timestamp) > FRESH_SECONDS;
}

/**
 * Notes a block that a node has, and that answers about this chain must include: it has a transaction of this page, or a state that was read at it
 * is shown. A node without it is asked last, however recent its own block is: it would deny what the page has told (issue 13).
 */
export function noteNeeded(chainId: number, number: bigint): void {
  if (number > floorOf(chainId)) floors.set(chainId, number);
}

function floorOf(chainId: number): bigint {
  return floors.get(chainId) ?? 0n;
}

function shownBy(node: Node): bigint {
  return standingOf(node).shown ?? 0n;
}

/** Notes the number of a block that a node has. */
export function noteShown(node: Node, number: bigint): void {
  if (number > shownBy(node)) standingOf(node).shown = number;
}

/** Notes a node's latest block, and returns true if it is recent enough. Otherwise the node is asked last for a minute. */
export function noteHead(node: Node, block: Block, chainId: number): boolean {
  const isRecent = !isBehind(block) && BigInt(block.number) >= floorOf(chainId);
  const standing = standingOf(node);
  if (isRecent) {
    standing.recentAt = thisMoment();
    delete standing.lastAt;
  } else putLast(node);
  standing.head = BigInt(block.number);
  noteShown(node, standing.head);
  return isRecent;
}

/** The error of a node that gives no usable answer. */
export function unusable(url: string, body: RpcRequest, details: string): HttpRequestError {
  return new HttpRequestError({ url, body: { method: body.method }, details });
}

async function readChainId(node: Node): Promise<number> {
  const request = { method: "eth_chainId" };
  const result = await node.ask(request);
  if (!isUsable(request, result)) throw unusable(node.url, request, "no chain id");
  return Number(result);
}

/** The chain of a node, which is asked once. A wrong one is asked again, since its operator may have corrected it. */
export async function requireChain(node: Node, chainId: number): Promise<void> {
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

const LATEST = { method: "eth_getBlockByNumber", params: ["latest", false] };

async function check(node: Node, chainId: number): Promise<void> {
  try {
    const [block] = await Promise.all([node.ask(LATEST), requireChain(node, chainId)]);
    if (isBlock(block)) noteHead(node, block, chainId);
    else putLast(node);
  } catch {
    // The request that follows would wait for the same failure once more.
    putLast(node);
  }
}

/** Looks at a node's head, once for all requests that are made meanwhile. */
function look(node: Node, chainId: number): Promise<void> {
  const standing = standingOf(node);
  return (standing.checking ??= check(node, chainId).finally(() => delete standing.checking));
}

/** Looks at a node's head, about three times a minute and when a newer block is needed. */
async function checkRarely(node: Node, chainId: number): Promise<void> {
  const standing = standingOf(node);
  const isKnown = standing.recentAt !== undefined && passedSince(standing.recentAt) < CHECKED_FOR_MS;
  if (isKnown && shownBy(node) >= floorOf(chainId)) return;
  await look(node, chainId);
}

/**
 * Finds the first node that has a recent block, and puts those before it last. A node whose head has stopped answers everything as well as
 * ever, with the state of that time: only its latest block shows it.
 */
export async function checkHeads(nodes: readonly Node[], chainId: number): Promise<void> {
  for (const node of nodes) {
    if (isLast(node)) continue;
    await checkRarely(node, chainId);
    if (!isLast(node)) return;
  }
}

/** True if another one of these nodes has shown a newer block than this one: what this one does not know may be there. */
export function isBehindOthers(node: Node, nodes: readonly Node[]): boolean {
  return nodes.some((other) => shownBy(other) > shownBy(node));
}

/**
 * Looks again at the nodes that have failed, where no node has a recent block: beside one that has stopped, a good one that has failed for a moment
 * would not be asked for a minute (issue 13). Only one that is known to be ahead of all that answer is waited for.
 */
export async function lookAtSilent(nodes: readonly Node[], chainId: number): Promise<void> {
  if (!nodes.every(isLast)) return;
  const answering = nodes.filter((node) => !isSilent(node));
  if (answering.length === 0) return;
  const isDue = (node: Node) => passedSince(standingOf(node).lastAt ?? thisMoment()) >= SILENT_AGAIN_MS;
  const due = nodes.filter((node) => isSilent(node) && isDue(node));
  await Promise.all(
    due.map(async (node) => {
      const seen = look(node, chainId);
      if (answering.every((other) => isBehindOthers(other, [node]))) await seen;
    }),
  );
}

function newestFirst(one: Node, other: Node): number {
  return Number((standingOf(other).head ?? -1n) - (standingOf(one).head ?? -1n));
}

/**
 * The nodes in the order in which they are asked. Of those that are last, the one with the newest block comes first: if all are behind, as on a
 * chain for tests, it has the answer.
 */
export function inOrder(nodes: readonly Node[]): Node[] {
  return [...nodes.filter((node) => !isLast(node)), ...nodes.filter(isLast).sort(newestFirst)];
}
