import { getAbiItem, type Hash, type Hex, type TransactionReceipt } from "viem";
import { bidAmountBefore } from "@/lib/purchase/progress";
import { sumAmounts } from "@/lib/purchase/reduction";
import { saleAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";
import { hasEvents, type Effect } from "@/lib/wallet/transactions/effect";
import { readEntityBid, type ChainReader } from "@/lib/wallet/transactions/read-chain";
import { SLOWEST_POLL_MS, type Watched } from "@/lib/wallet/transactions/watch-effect";

type WatchedReduction = Watched & { effect: Extract<Watched["effect"], { of: "reduction" }> };

/** True if what is watched is a reduction. */
export function isReduction(watched: Watched): watched is WatchedReduction {
  return watched.effect.of === "reduction";
}

/** Most blocks of one search: what public nodes answer at once. An older change is told on the page, and not searched for. */
const MOST_BLOCKS = 1_000n;

const REDUCED = getAbiItem({ abi: saleAbi, name: "CommitmentReduced" });
const BID_PLACED = getAbiItem({ abi: saleAbi, name: "BidPlaced" });

/** Blocks, both included. */
interface Range {
  from: bigint;
  to: bigint;
}

/** The newest of these blocks, as many as may be asked for at once. */
function newestOf({ from, to }: Range) {
  return { fromBlock: to - from < MOST_BLOCKS ? from : to - MOST_BLOCKS + 1n, toBlock: to };
}

/** What was taken back from an entity in these blocks, in their order. A cancellation takes all back. */
function reducedIn({ publicClient, contract }: ChainReader, entityId: Hex, range: Range) {
  const filter = { address: contract, event: REDUCED, args: { entityID: entityId }, strict: true } as const;
  return publicClient.getLogs({ ...filter, ...newestOf(range) });
}

function bidsIn({ publicClient, contract }: ChainReader, entityId: Hex, range: Range) {
  const filter = { address: contract, event: BID_PLACED, args: { entityID: entityId }, strict: true } as const;
  return publicClient.getLogs({ ...filter, ...newestOf(range) });
}

/** The effects whose amounts the states before and after do not tell: others can change the same amounts in between. */
export type ToldByEvents = Extract<Effect, { of: "commitment" | "cancel" }>;

/** The last transaction in these blocks with the events of a request whose effect was seen. Rejects if no node tells it. */
export async function findDone(reader: ChainReader, effect: ToldByEvents, range: Range): Promise<TransactionReceipt> {
  const logs = await (effect.of === "cancel" ? reducedIn : bidsIn)(reader, effect.entityId, range);
  for (const { transactionHash: hash } of [...logs].reverse()) {
    const receipt = await reader.publicClient.getTransactionReceipt({ hash });
    if (hasEvents(receipt, reader.contract, effect)) return receipt;
  }
  throw new Error("No node has the events yet.");
}

type ReducedLogs = Awaited<ReturnType<typeof reducedIn>>;

function sumOf(logs: ReducedLogs): bigint {
  return sumAmounts(logs.map(({ args }) => args)).amount;
}

/** The transactions that took back at least what was asked for, from whichever wallets of the entity. */
function candidates(logs: ReducedLogs, { amount }: WatchedReduction["effect"]): Hash[] {
  const hashes = [...new Set(logs.map(({ transactionHash }) => transactionHash))];
  return hashes.filter((hash) => sumOf(logs.filter(({ transactionHash }) => transactionHash === hash)) >= amount);
}

/**
 * True if the wallet itself took part in a transaction: as its sender, its target or an author of its events, as multisigs are. The sale's events
 * name only the wallets that are paid, whoever asked for it.
 */
function involves({ from, to, logs }: TransactionReceipt, wallet: Hash): boolean {
  return [from, to, ...logs.map(({ address }) => address)].some((address) => sameHex(address ?? undefined, wallet));
}

/** The transaction among those of these events that carried the reduction out. */
async function findAmong(
  reader: ChainReader,
  { effect }: WatchedReduction,
  logs: ReducedLogs,
): Promise<TransactionReceipt | undefined> {
  const hashes = candidates(logs, effect);
  const receipts = await Promise.all(hashes.map((hash) => reader.publicClient.getTransactionReceipt({ hash })));
  return receipts.find((receipt) => hasEvents(receipt, reader.contract, effect) && involves(receipt, effect.wallet));
}

/** The blocks up to `to` were searched; the entity's total was then `amount`. */
interface Searched {
  to: bigint;
  amount: bigint;
  /** The block by which the total had fallen by more than the events after `to` tell. */
  unexplained?: bigint;
}

/**
 * A node that is behind answers with the events that it has, and without an error: while they do not make the total's fall, the same blocks are
 * searched again, up to as many blocks later as one search takes.
 */
async function search(
  reader: ChainReader,
  watched: WatchedReduction,
  searched: Searched,
): Promise<{ searched: Searched; receipt?: TransactionReceipt }> {
  const to = await reader.publicClient.getBlockNumber();
  if (to <= searched.to) return { searched };
  const { bid } = await readEntityBid(reader, watched.effect.entityId, to);
  const next = { to, amount: bid.amount };
  // Logs are asked for only where there must be some: many nodes limit them.
  if (bid.amount >= searched.amount) return { searched: next };
  const logs = await reducedIn(reader, watched.effect.entityId, { from: searched.to + 1n, to });
  const receipt = await findAmong(reader, watched, logs);
  if (receipt) return { searched: next, receipt };
  const { unexplained = to } = searched;
  const isExplained = sumOf(logs) >= searched.amount - bid.amount;
  return { searched: isExplained || to - unexplained >= MOST_BLOCKS ? next : { ...searched, unexplained } };
}

/**
 * Waits for the transaction that carries a reduction out where others change the total too, so that it is never exactly what was asked for.
 * Never resolves where none is found: somebody else's reduction must not end the wait. Nodes that fail are asked again.
 */
export async function findReduction(
  reader: ChainReader,
  watched: WatchedReduction,
  signal: AbortSignal | undefined,
): Promise<TransactionReceipt> {
  let pollMs = reader.publicClient.pollingInterval;
  let searched: Searched = {
    to: BigInt(watched.before.block),
    amount: bidAmountBefore(watched.before),
  };
  while (!signal?.aborted) {
    const found = await search(reader, watched, searched).catch(() => ({ searched, receipt: undefined }));
    if (found.receipt) return found.receipt;
    searched = found.searched;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    pollMs = Math.min(pollMs * 1.1, SLOWEST_POLL_MS);
  }
  return new Promise(() => undefined);
}
