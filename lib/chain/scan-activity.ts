import "server-only";
import { getAbiItem, padHex, parseEventLogs, toEventSelector, type Hex, type PublicClient, type RpcLog } from "viem";
import { ACTIVITY_EVENTS, type SaleEvent } from "@/lib/activity/entries";
import type { SearchedBlocks } from "@/lib/activity/missing-blocks";
import { hasBeginning, lacksEvents, type Holding } from "@/lib/activity/missing-events";
import { chainClient } from "@/lib/chain/client";
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

/** No block above this depth counts as final, whatever the node says: where the newest one does, nodes that are behind lack final blocks. */
const NEVER_FINAL = 64n;

/** Limits of this process's memory, and of one search: an entity can cheaply make any number of events. */
const MOST_EVENTS = { kept: 100_000, ofSearch: 5_000 };

/** The events of some entities, from the newest block downwards. */
export interface ActivityScan {
  events: readonly SaleEvent[];
  missing: SearchedBlocks;
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
  /** They were all there was, by the contract's state. */
  proven: boolean;
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
  holdings: readonly Holding[];
  /** The block that the positions are of, and the newest one that is searched. */
  head: bigint;
}

/** A node that ignores a part of the filter must not show anybody somebody else's entries. */
function ownEvents(logs: readonly RpcLog[], { facts }: ChainSettings, { holdings }: ActivitySearch): SaleEvent[] {
  const ofSale = logs.filter(({ address, removed }) => sameHex(address, facts.contract) && !removed);
  return parseEventLogs({ abi: saleAbi, logs: ofSale })
    .map(eventOf)
    .filter((event) => event !== undefined)
    .filter(({ entityId }) => holdings.some((own) => sameHex(own.entityId, entityId)));
}

/** Nothing is older than the last of these. */
function hasAllBeginnings(events: readonly SaleEvent[], { holdings }: ActivitySearch): boolean {
  return holdings.every(({ entityId }) => hasBeginning(events, entityId));
}

async function finalBlock(client: PublicClient, head: bigint): Promise<FinalBlock | undefined> {
  const tagged = await client.getBlock({ blockTag: "finalized" }).catch(() => undefined);
  const highest = head - (tagged ? NEVER_FINAL : DEEP);
  if (tagged && tagged.number <= highest) return { number: tagged.number, hash: tagged.hash };
  if (highest <= 0n) return undefined;
  const { number, hash } = await client.getBlock({ blockNumber: highest });
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

/** The first block that is searched. */
function floorOf({ chain }: Search): bigint {
  return BigInt(chain.fromBlock ?? 0);
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
  const { chain, client, holdings } = search;
  const topics = [SIGNATURES, holdings.map(({ entityId }) => padHex(entityId, { dir: "right", size: 32 }))];
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
async function searchAll(search: Search, kept: Kept | undefined): Promise<Found> {
  const floor = floorOf(search);
  const { head } = search;
  const begin: Found = { low: head + 1n, events: [] };
  const fresh = await searchDown(search, begin, kept ? kept.final.number + 1n : floor);
  if (fresh.error !== undefined && fresh.low > head) throw fresh.error;
  if (!kept || fresh.low > kept.final.number + 1n) return fresh;
  const joined = { low: kept.low, events: [...fresh.events, ...kept.events] };
  return joined.low <= floor || isOver(search, joined) ? joined : searchDown(search, joined, floor);
}

function olderBlocks(search: Search, { low, events, error }: Found): SearchedBlocks {
  if (hasAllBeginnings(events, search)) return "none";
  const isReadable = error === undefined && events.length <= MOST_EVENTS.ofSearch;
  return isReadable && low > floorOf(search) ? "to-search" : "unread";
}

function isBehind(search: Search, { low, events }: Found): boolean {
  return search.holdings.some((holding) => lacksEvents(events, holding, low <= floorOf(search)));
}

/** What one search has found, and where. */
interface Searched {
  search: Search;
  found: Found;
  behind: boolean;
}

/** True if events are missing though all blocks were searched: the node that was asked keeps no old logs, or is behind. */
function lacksSome({ search, found, behind }: Searched): boolean {
  const isEnd = found.error === undefined && found.low <= floorOf(search);
  return behind || (isEnd && !hasAllBeginnings(found.events, search));
}

/** The same, and what is known of the chain. */
interface Remembered extends Searched {
  final: FinalBlock | undefined;
  kept: Kept | undefined;
}

/** Keeps what was found, if it can be believed: the gap of a node that is behind must not last. What was proven before still is. */
function remember(key: string, { search, found, final, kept, behind }: Remembered): void {
  const { low, events } = found;
  const isWhole = hasAllBeginnings(events, search);
  if (kept?.proven && (!isWhole || behind)) return;
  if (behind) memory().delete(key);
  else if (final && low <= final.number)
    keep(key, { low, final, events: events.filter(({ block }) => block <= final.number), proven: isWhole });
}

/** The key of what is remembered of a search: nodes that are asked together, or one that is asked alone. */
function keyOf({ facts, rpcUrls }: ChainSettings, { holdings }: ActivitySearch): string {
  return [facts.chainId, facts.contract, ...rpcUrls, ...holdings.map(({ entityId }) => entityId).toSorted()].join(" ");
}

async function searchOnce(chain: ChainSettings, asked: ActivitySearch, deadline: Deadline): Promise<Searched> {
  const { head } = asked;
  const nodes = { rpcUrls: chain.rpcUrls, chainId: chain.facts.chainId };
  const client = chainClient(nodes, deadline);
  const key = keyOf(chain, asked);
  const [final, kept] = await Promise.all([finalBlock(client, head), stillValid(client, memory().get(key), head)]);
  const left = deadline.left();
  // A page that takes longer is given up, so that there is time left to answer with the others.
  const pages = chainClient(nodes, partOf(deadline, Math.min(SEARCH_MS * 1.5, left / 2)));
  const until = performance.now() + Math.min(SEARCH_MS, left / 2);
  const search: Search = { ...asked, chain, client: pages, until };
  const found = await searchAll(search, kept);
  const behind = isBehind(search, found);
  remember(key, { search, found, final, kept, behind });
  return { search, found, behind };
}

/**
 * Asks each node alone where events are missing: one that keeps no old logs, or is behind, answers with those that it has and without an error,
 * so that nobody else is asked. Each search goes on where the one before it has stopped. Undefined while no node alone has found more. Each has a
 * share of the time that is left, and so has what comes afterwards: one that hangs must not hide what the first search has found.
 */
async function searchElsewhere(first: Searched, deadline: Deadline): Promise<Searched | undefined> {
  const { chain, holdings, head } = first.search;
  const urls = chain.rpcUrls.length > 1 ? chain.rpcUrls : [];
  for (const [index, url] of urls.entries()) {
    const own = partOf(deadline, deadline.left() / (urls.length - index + 1));
    const other = await searchOnce({ ...chain, rpcUrls: [url] }, { holdings, head }, own).catch(() => undefined);
    if (other && !lacksSome(other) && other.found.events.length >= first.found.events.length) return other;
  }
  return undefined;
}

/**
 * The events of some entities in the sale, newest first, as far as they were found within some seconds. What is found in final blocks is
 * kept, and the next search goes on below it; newer blocks are read anew each time, since a block that is replaced must leave no ghost.
 * Throws viem's errors.
 */
export async function scanActivity(
  chain: ChainSettings,
  asked: ActivitySearch,
  deadline: Deadline,
): Promise<ActivityScan> {
  const first = await searchOnce(chain, asked, deadline);
  const { search, found, behind } = (lacksSome(first) && (await searchElsewhere(first, deadline))) || first;
  return { events: found.events, missing: behind ? "behind" : olderBlocks(search, found) };
}
