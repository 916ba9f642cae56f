import "server-only";
import {
  BaseError,
  HttpRequestError,
  RpcRequestError,
  TimeoutError,
  type Hex,
  type PublicClient,
  type RpcLog,
} from "viem";
import { AnswerTooLarge } from "@/lib/http/upstream";
import { processGlobal } from "@/lib/http/process-global";

/** Blocks of one request: the limits that nodes have, from the generous to the free ones. */
const SPANS = [50_000n, 10_000n, 5_000n, 2_000n, 1_000n, 500n, 250n, 100n, 50n, 25n, 10n, 5n, 2n, 1n] as const;

const WIDEST = SPANS[0];

/** A limit is believed for this long (milliseconds): another plan, node or load may allow more. */
const BELIEVED_MS = 600_000;

/** Pages that are asked for at once, as soon as one of their size has come. */
const AT_ONCE = 4;

/** So many pages come one after the other before wider ones are tried again. */
const CALM_PAGES = 8;

/** Codes and texts of rate limits. Some nodes give them the code of a range that is too wide, which asking for less does not help. */
const RATE_LIMIT = /\brate\b|too many requests|per second|throttl|quota|credits|daily|capacity/i;

/** A node that lags behind another one says this of its newest blocks. */
const BEHIND = /beyond|head block|not found|cannot be found|unknown block|future/i;

const TOO_WIDE =
  /block range|blocks range|range (?:is|limit|of|over|too|exceed)|ranges over|limited to|(?:more|greater) than|too (?:many|large|wide|big)|max(?:imum)?\b.*\b(?:range|blocks|results|logs)|response size|size (?:limit|exceed)|limit exceeded|exceed\w* .*(?:limit|range|max)|query timeout|timed? ?out/i;

/** The code that EIP-1474 has for a limit of the node. */
const LIMIT_EXCEEDED = -32_005;

function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (
    let cause = error;
    cause !== undefined && cause !== null;
    cause = cause instanceof Error ? cause.cause : undefined
  )
    found.push(cause);
  return found;
}

function refusesRange(cause: unknown): boolean {
  if (cause instanceof AnswerTooLarge) return true;
  if (cause instanceof HttpRequestError && cause.status === 413) return true;
  if (!(cause instanceof RpcRequestError || cause instanceof HttpRequestError)) return false;
  if (cause instanceof HttpRequestError && cause.status === 429) return false;
  const { details } = cause;
  if (RATE_LIMIT.test(details) || BEHIND.test(details)) return false;
  const isLimit = cause instanceof RpcRequestError && cause.code === LIMIT_EXCEEDED;
  return isLimit || TOO_WIDE.test(details);
}

/** True if a node refused a request for logs because it covers too many blocks or finds too much: fewer blocks may be allowed. */
export function isRangeRefusal(error: unknown): boolean {
  return error instanceof BaseError && causes(error).some(refusesRange);
}

/** What depends on the logs that a filter finds, and says nothing about another filter. Some nodes name a range in the same breath. */
const TOO_MUCH = /\bresults|response size|time-?out|timed? ?out/i;

/** True for a refusal of the range of blocks alone, which everybody's requests would meet. */
function refusesEverybody(error: unknown): boolean {
  const texts = causes(error).flatMap((cause) =>
    cause instanceof RpcRequestError || cause instanceof HttpRequestError ? [cause.details] : [],
  );
  return isRangeRefusal(error) && texts.some((text) => /range|limited to/i.test(text) && !TOO_MUCH.test(text));
}

interface Believed {
  span: bigint;
  until: number;
}

/** The filters whose limits are remembered at most. */
const FILTERS_KEPT = 1_000;

function believedSpans(): Map<string, Believed> {
  return processGlobal("log-spans", () => new Map<string, Believed>());
}

function spanOf(name: string, now: number): bigint {
  const believed = believedSpans().get(name);
  return believed && believed.until > now ? believed.span : WIDEST;
}

function believe(name: string, span: bigint, now: number): void {
  const spans = believedSpans();
  // The newest come last.
  spans.delete(name);
  spans.set(name, { span, until: now + BELIEVED_MS });
  const [oldest] = spans.keys();
  if (spans.size > FILTERS_KEPT && oldest !== undefined) spans.delete(oldest);
}

/** The next smaller span; undefined below one block. */
function smaller(span: bigint): bigint | undefined {
  return SPANS.find((other) => other < span);
}

function lesser(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** The next wider span, but not above `most`: one crowded block must not make the search in all others as slow. */
function wider(span: bigint, most: bigint): bigint {
  return lesser(SPANS.findLast((other) => other > span) ?? span, most);
}

/** The logs to look for, in the blocks `from` to `to`. */
export interface LogQuery {
  address: Hex;
  topics: readonly (readonly Hex[])[];
  from: bigint;
  to: bigint;
}

/** The logs of the blocks `from` to `to`. */
interface LogPage {
  from: bigint;
  logs: readonly RpcLog[];
  /** The next page has already been read too. */
  hasNext: boolean;
}

function quantity(value: bigint): Hex {
  return `0x${value.toString(16)}`;
}

async function readPage(client: PublicClient, { address, topics }: LogQuery, from: bigint, to: bigint) {
  const filter = { address, topics: topics.map((any) => [...any]), fromBlock: quantity(from), toBlock: quantity(to) };
  return client.request({ method: "eth_getLogs", params: [filter] });
}

/** Ranges of `span` blocks, the newest first. */
function rangesBelow(top: bigint, from: bigint, span: bigint, count: number): { from: bigint; to: bigint }[] {
  const ranges = Array.from({ length: count }, (_, index) => {
    const to = top - span * BigInt(index);
    const low = to - span + 1n;
    return { from: low > from ? low : from, to };
  });
  return ranges.filter(({ to }) => to >= from);
}

/**
 * Reads logs page by page, the newest first, each page directly below the last one. If a node refuses a range, it asks for fewer blocks, and
 * remembers that for `nodes`, the name of the nodes that `client` asks: for everybody if the range is too wide, and for this filter if it finds too
 * much. Otherwise a participant with many events would make everybody's searches slow (issue 13). Throws viem's errors.
 */
export async function* logPages(
  client: PublicClient,
  nodes: string,
  query: LogQuery,
  now: () => number = () => performance.now(),
): AsyncGenerator<LogPage> {
  const own = [nodes, ...query.topics.flat()].join(" ");
  let span = lesser(spanOf(own, now()), spanOf(nodes, now()));
  let isTried = false;
  let calm = 0;
  let top = query.to;
  while (top >= query.from) {
    const ranges = rangesBelow(top, query.from, span, isTried ? AT_ONCE : 1);
    const answers = await Promise.allSettled(ranges.map(({ from, to }) => readPage(client, query, from, to)));
    for (const [index, answer] of answers.entries()) {
      const range = ranges[index];
      if (!range) break;
      if (answer.status === "fulfilled") {
        isTried = true;
        top = range.from - 1n;
        calm += 1;
        if (index === ranges.length - 1 && calm >= CALM_PAGES) {
          span = wider(span, spanOf(nodes, now()));
          calm = 0;
        }
        yield { from: range.from, logs: answer.value, hasNext: answers[index + 1]?.status === "fulfilled" };
        continue;
      }
      const size = range.to - range.from + 1n;
      const next = smaller(lesser(size, span));
      const isTimeout = causes(answer.reason).some((cause) => cause instanceof TimeoutError);
      if (next !== undefined && (isTimeout || isRangeRefusal(answer.reason)))
        believe(refusesEverybody(answer.reason) ? nodes : own, next, now());
      if (next === undefined || !isRangeRefusal(answer.reason)) throw answer.reason;
      span = next;
      isTried = false;
      calm = 0;
      break;
    }
  }
}
