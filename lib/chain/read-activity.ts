import "server-only";
import { BaseError, type Address, type Hex, type PublicClient } from "viem";
import {
  activityEntries,
  paysBack,
  returnCallOf,
  type ActivityEntry,
  type ReturnCall,
  type SaleEvent,
} from "@/lib/activity/entries";
import { chainClient, chainResult, isOutdated } from "@/lib/chain/client";
import { readPaymentTokens, readPositionsAtBlock, type PositionsQuery } from "@/lib/chain/read-sale";
import { scanActivity, type ActivityScan } from "@/lib/chain/scan-activity";
import { lacksNewer, type MissingBlocks } from "@/lib/activity/missing-blocks";
import type { ChainSettings } from "@/lib/config/chain";
import { deadlineIn, passedSince, thisMoment, withTimeout, type Deadline, type Moment } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";
import { isHolding } from "@/lib/purchase/position";
import { fail, success, type Result } from "@/lib/result";
import { tokenAt } from "@/lib/sale/money";

/** What some entities did in the sale, newest first. */
export interface Activity {
  entries: readonly ActivityEntry[];
  /** Blocks that may have more entries: before the oldest one, after the newest one, or, if the search is behind, anywhere. */
  missing: MissingBlocks;
  /** The block that it was read at. */
  block: number;
}

/** Facts that never change, by the hash of their block or transaction. */
const MOST_FACTS = 20_000;

/** Requests for such facts at a time. */
const AT_ONCE = 8;

function facts<T>(name: string): Map<string, T> {
  return processGlobal(`activity-${name}`, () => new Map<string, T>());
}

/**
 * The facts for these keys; those that are not known yet are asked for. The ones that were not used for longest are forgotten when there are too
 * many, and none of them is lacking in the answer: an entry without its time would be dated 1970.
 */
async function learn<T>(
  known: Map<string, T>,
  keys: Iterable<Hex>,
  ask: (key: Hex) => Promise<T>,
  lasts: (fact: T) => boolean = () => true,
): Promise<(key: Hex) => T> {
  const found = new Map<Hex, T>();
  const missing: Hex[] = [];
  for (const key of new Set(keys)) {
    const fact = known.get(key);
    if (fact === undefined) missing.push(key);
    else found.set(key, fact);
  }
  const next = async (): Promise<void> => {
    for (let key = missing.shift(); key !== undefined; key = missing.shift()) found.set(key, await ask(key));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  remember(known, new Map([...found].filter(([, fact]) => lasts(fact))));
  return (key) => {
    const fact = found.get(key);
    if (fact === undefined) throw new Error(`Nothing was asked about ${key}.`);
    return fact;
  };
}

function remember<T>(known: Map<string, T>, found: ReadonlyMap<Hex, T>): void {
  for (const [key, fact] of found) {
    known.delete(key);
    known.set(key, fact);
  }
  for (const key of known.keys()) {
    if (known.size <= MOST_FACTS) return;
    known.delete(key);
  }
}

async function askTime(client: PublicClient, blockHash: Hex): Promise<number> {
  const { timestamp } = await client.getBlock({ blockHash });
  return Number(timestamp) * 1_000;
}

/** A call that no node tells is asked for again after this time (milliseconds). */
const ASK_AGAIN_MS = 60_000;

/** `unread`: no node tells it now. Some forget old transactions, others do not list them for hours after they begin, or are behind. */
type KnownCall = ReturnCall | "unclear" | "unread";

/** Without an answer, nobody is said to have caused it. */
async function askCall(client: PublicClient, hash: Hex, sale: Address): Promise<KnownCall> {
  const unread = facts<Moment>("calls-unread");
  const last = unread.get(hash);
  if (last && passedSince(last) < ASK_AGAIN_MS) return "unread";
  try {
    return returnCallOf(await client.getTransaction({ hash }), sale) ?? "unclear";
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    remember(unread, new Map([[hash, thisMoment()]]));
    return "unread";
  }
}

async function describe(
  chain: ChainSettings,
  { events, tokens: ofSale }: { events: readonly SaleEvent[]; tokens: readonly Address[] },
  deadline: Deadline,
): Promise<ActivityEntry[]> {
  const { chainId, contract } = chain.facts;
  const client = chainClient({ rpcUrls: chain.rpcUrls, chainId }, deadline);
  // All of the sale's tokens, since the name of one depends on the others'.
  const addresses = new Set([...ofSale, ...events.flatMap(({ token }) => token ?? [])]);
  const returning = new Set(events.filter(paysBack).map(({ transaction }) => transaction));
  const [tokens, timeOf, callOf] = await Promise.all([
    readPaymentTokens(client, [...addresses], chainId),
    learn(
      facts<number>("times"),
      events.map(({ blockHash }) => blockHash),
      (hash) => askTime(client, hash),
    ),
    learn(
      facts<KnownCall>("calls"),
      returning,
      (hash) => askCall(client, hash, contract),
      (call) => call !== "unread",
    ),
  ]);
  return activityEntries(events, {
    timeOf,
    callOf: (hash) => {
      const call = returning.has(hash) ? callOf(hash) : "unclear";
      return call === "unclear" || call === "unread" ? undefined : call;
    },
    tokenAt: (address) => tokenAt(tokens, address),
  });
}

const NOTHING: ActivityScan = { events: [], missing: "none" };

/** If the search meets a node that does not have the block of the positions yet, both are read once more. */
function askActivity(chain: ChainSettings, query: Query, deadline: Deadline): Promise<Result<Activity>> {
  return chainResult(async () => {
    const read = await readPositionsAtBlock(chain, query, deadline);
    if (!read.ok) return read;
    const { positions, tokens, block } = read.data;
    const holdings = query.entityIDs.flatMap((entityId, index) => {
      const position = positions[index];
      return isHolding(position) ? [{ entityId, position }] : [];
    });
    // An entity that the contract does not know has no events, and the search would go through all blocks to find none.
    const search = { holdings, head: block.number };
    const { events, missing } = holdings.length === 0 ? NOTHING : await scanActivity(chain, search, deadline);
    const entries = await describe(chain, { events, tokens }, deadline);
    const activity = { entries, missing, block: Number(block.number) };
    return success(lacksNewer(activity, isOutdated(Number(block.timestamp))));
  });
}

type Query = PositionsQuery;

function flights(): Map<string, Promise<Result<Activity>>> {
  return processGlobal("activity-flights", () => new Map<string, Promise<Result<Activity>>>());
}

/** One search at a time for the same entities. The second that somebody waits for began after their request, so it is as fresh as any. */
async function inFlight(chain: ChainSettings, query: Query, ms: number): Promise<Result<Activity>> {
  const { atBlock = 0, entityIDs } = query;
  const key = [chain.facts.contract, ...chain.rpcUrls, ...entityIDs.toSorted()].join(" ");
  const running = flights();
  for (let waited = 0; waited < 2; waited++) {
    const flight = running.get(key);
    if (!flight) break;
    const activity = await flight;
    if (waited > 0 || !activity.ok || activity.data.block >= atBlock) return activity;
  }
  const flight = askActivity(chain, query, deadlineIn(ms)).finally(() => running.delete(key));
  running.set(key, flight);
  return flight;
}

/**
 * The activity of these entities in the sale, from the contract's events. If there are many blocks, the newest entries come first, and each
 * further call finds more (`older`). Failures: `sale/wrong_contract`, `sale/unsupported_contract`, `chain/unreachable`.
 */
export async function readActivity(chain: ChainSettings, query: Query, deadline: Deadline): Promise<Result<Activity>> {
  const left = Math.max(1, deadline.left());
  const activity = await withTimeout(left, inFlight(chain, query, left));
  return activity ?? fail("chain/unreachable", { reason: "timeout" });
}
