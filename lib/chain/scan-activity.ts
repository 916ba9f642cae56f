import "server-only";
import { getAbiItem, padHex, parseEventLogs, toEventSelector, type Hex, type PublicClient, type RpcLog } from "viem";
import { ACTIVITY_EVENTS, type SaleEvent } from "@/lib/activity/entries";
import { chainClient, latestBlock } from "@/lib/chain/client";
import { logPages } from "@/lib/chain/log-pages";
import type { ChainSettings } from "@/lib/config/chain";
import { partOf, type Deadline } from "@/lib/http/deadline";
import { processGlobal } from "@/lib/http/process-global";
import { saleAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";

/** Searching stops after this time (milliseconds), so that the newest entries are on the page while older ones are still looked for. */
const SEARCH_MS = 4_000;

/** A node without the tag "finalized" is believed that blocks this deep stay. */
const DEEP = 256n;

/** Limits of this process's memory, and of one search: an entity can cheaply make any number of events. */
const MOST_EVENTS = { kept: 100_000, ofSearch: 5_000 };

/** The outcome for the blocks that were not searched: there are none, the next search goes on there, or they could not be read. */
export type OlderBlocks = "none" | "to-search" | "unread";

/** The events of some entities, without a gap from the newest block downwards. */
export interface ActivityScan {
  events: readonly SaleEvent[];
  older: OlderBlocks;
  /** The block that it was read at. */
  block: number;
}

/** A block that is not replaced any more. */
interface FinalBlock {
  number: bigint;
  hash: Hex;
}

/** The events of the blocks `low` to `final.number`. */
interface Kept {
  low: bigint;
  final: FinalBlock;
  events: readonly SaleEvent[];
}

/** The events that were found in final blocks, by the entities that they were looked for; the latest used last. */
function memory(): Map<string, Kept> {
  return processGlobal("activity", () => new Map<string, Kept>());
}

function keep(key: string, kept: Kept): void {
  const all = memory();
  all.delete(key);
  all.set(key, kept);
  let count = [...all.values()].reduce((sum, { events }) => sum + events.length + 1, 0);
  for (const [other, { events }] of all) {
    if (count <= MOST_EVENTS.kept) return;
    all.delete(other);
    count -= events.length + 1;
  }
}

const SIGNATURES = ACTIVITY_EVENTS.map((name) => toEventSelector(getAbiItem({ abi: saleAbi, name })));

function eventOf(log: ReturnType<typeof parseEventLogs<typeof saleAbi, true>>[number]): SaleEvent | undefined {
  const { blockNumber, blockHash, logIndex, transactionHash } = log;
  if (blockNumber === null || blockHash === null || logIndex === null || transactionHash === null) return undefined;
  const place = { block: blockNumber, blockHash, logIndex, transaction: transactionHash };
  switch (log.eventName) {
    case "EntityInitialized":
      return { name: log.eventName, entityId: log.args.entityID, wallet: log.args.wallet, ...place };
    case "BidPlaced":
      return { name: log.eventName, entityId: log.args.entityID, wallet: log.args.wallet, bid: log.args.bid, ...place };
    case "CommitmentIncreased":
    case "CommitmentReduced":
    case "AllocationSet":
    case "WalletRefunded": {
      const { entityID: entityId, ...amounts } = log.args;
      return { name: log.eventName, entityId, ...amounts, ...place };
    }
    default:
      return undefined;
  }
}

/** Whose activity is looked for, and where. */
export interface ActivitySearch {
  /** SaleSpecificEntityIDs. */
  entityIDs: readonly Hex[];
  /** The answer is from this block or a later one, if it comes in time. */
  atBlock: number;
}

/** A node that ignores a part of the filter must not show anybody somebody else's entries. */
function ownEvents(logs: readonly RpcLog[], { facts }: ChainSettings, { entityIDs }: ActivitySearch): SaleEvent[] {
  const ofSale = logs.filter(({ address, removed }) => sameHex(address, facts.contract) && !removed);
  return parseEventLogs({ abi: saleAbi, logs: ofSale })
    .map(eventOf)
    .filter((event) => event !== undefined)
    .filter(({ entityId }) => entityIDs.some((own) => sameHex(own, entityId)));
}

/** An entity's first event is the only one of its name, so nothing is older than the last of these. */
function hasAllBeginnings(events: readonly SaleEvent[], { entityIDs }: ActivitySearch): boolean {
  const begun = events.filter(({ name }) => name === "EntityInitialized");
  return entityIDs.every((own) => begun.some(({ entityId }) => sameHex(own, entityId)));
}

async function finalBlock(client: PublicClient, head: bigint): Promise<FinalBlock | undefined> {
  const tagged = await client.getBlock({ blockTag: "finalized" }).catch(() => undefined);
  if (tagged) return tagged.number <= head ? { number: tagged.number, hash: tagged.hash } : undefined;
  if (head <= DEEP) return undefined;
  const { number, hash } = await client.getBlock({ blockNumber: head - DEEP });
  return { number, hash };
}

/** The kept events, if the chain still has the block up to which they are: a sandbox's chain can begin anew. */
async function stillValid(client: PublicClient, kept: Kept | undefined, head: bigint): Promise<Kept | undefined> {
  if (!kept || kept.final.number > head) return undefined;
  const block = await client.getBlock({ blockNumber: kept.final.number }).catch(() => undefined);
  return block?.hash === kept.final.hash ? kept : undefined;
}

/** A search under way. */
interface Search extends ActivitySearch {
  chain: ChainSettings;
  /** For the pages of logs. */
  client: PublicClient;
  /** The time by `performance.now()` after which no further page is asked for. */
  until: number;
}

/** The events found in the blocks from `low` upwards. */
interface Found {
  low: bigint;
  events: readonly SaleEvent[];
  error?: Error;
}

function isOver({ until, ...search }: Search, { events, error }: Found): boolean {
  const isEnough = hasAllBeginnings(events, search) || events.length > MOST_EVENTS.ofSearch;
  return isEnough || error !== undefined || performance.now() > until;
}

/** Goes on from `found` down to the block `floor`, or until everything is found, time is up, or an error comes. */
async function searchDown(search: Search, found: Found, floor: bigint): Promise<Found> {
  const { chain, client, entityIDs } = search;
  const topics = [SIGNATURES, entityIDs.map((id) => padHex(id, { dir: "right", size: 32 }))];
  const query = { address: chain.facts.contract, topics, from: floor, to: found.low - 1n };
  let now = found;
  try {
    for await (const { from, logs, hasNext } of logPages(client, chain.rpcUrls.join(" "), query)) {
      now = { low: from, events: [...now.events, ...ownEvents(logs, chain, search)] };
      if (!hasNext && isOver(search, now)) break;
    }
    return now;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { ...now, error };
  }
}

/** Searches the new blocks, adds what is kept, and goes on below it. Throws if not even the newest blocks could be read. */
async function searchAll(search: Search, head: bigint, kept: Kept | undefined): Promise<Found> {
  const floor = BigInt(search.chain.fromBlock ?? 0);
  const begin: Found = { low: head + 1n, events: [] };
  const fresh = await searchDown(search, begin, kept ? kept.final.number + 1n : floor);
  if (fresh.error !== undefined && fresh.low > head) throw fresh.error;
  if (!kept || fresh.low > kept.final.number + 1n) return fresh;
  const joined = { low: kept.low, events: [...fresh.events, ...kept.events] };
  return joined.low <= floor || isOver(search, joined) ? joined : searchDown(search, joined, floor);
}

function olderBlocks(search: Search, { low, events, error }: Found): OlderBlocks {
  if (hasAllBeginnings(events, search)) return "none";
  const isReadable = error === undefined && events.length <= MOST_EVENTS.ofSearch;
  return isReadable && low > BigInt(search.chain.fromBlock ?? 0) ? "to-search" : "unread";
}

/**
 * The events of some entities in the sale, newest first, as far as they were found within some seconds. What is found in final blocks is
 * kept, and the next search goes on below it; newer blocks are read anew each time, since a block that is replaced must leave no ghost.
 * Throws viem's errors.
 */
export async function scanActivity(
  chain: ChainSettings,
  { entityIDs, atBlock }: ActivitySearch,
  deadline: Deadline,
): Promise<ActivityScan> {
  const { chainId, contract } = chain.facts;
  const nodes = { rpcUrls: chain.rpcUrls, chainId };
  const client = chainClient(nodes, deadline);
  const head = await latestBlock(client, deadline, BigInt(atBlock));
  const key = [chainId, contract, ...entityIDs.toSorted()].join(" ");
  const [final, kept] = await Promise.all([
    finalBlock(client, head.number),
    stillValid(client, memory().get(key), head.number),
  ]);
  const left = deadline.left();
  // A page that takes longer is given up, so that there is time left to answer with the others.
  const pages = chainClient(nodes, partOf(deadline, Math.min(SEARCH_MS * 1.5, left / 2)));
  const search: Search = {
    chain,
    client: pages,
    entityIDs,
    atBlock,
    until: performance.now() + Math.min(SEARCH_MS, left / 2),
  };
  const found = await searchAll(search, head.number, kept);
  const { low, events } = found;
  if (final && low <= final.number)
    keep(key, { low, final, events: events.filter(({ block }) => block <= final.number) });
  return { events, older: olderBlocks(search, found), block: Number(head.number) };
}
