import {
  BaseError,
  ccipRequest,
  ContractFunctionZeroDataError,
  createPublicClient,
  type Address,
  type Hex,
  type PublicClient,
} from "viem";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import type { Bid } from "@/lib/purchase/bid";
import { readPosition, type PositionRow } from "@/lib/purchase/position";
import { readStage, type SaleStage, type SaleChain } from "@/lib/sale/state";
import { isRevert } from "@/lib/wallet/node-answers";
import { saleNetwork, saleTransport } from "@/lib/wallet/sale-network";

/** Milliseconds between two polls of the chain. Public nodes have rate limits, and so has a demo; else the sandbox's node is on this machine. */
const POLL_EVERY_MS = { public: 2_000, sandbox: 250 };

/** Reads the sale's chain through the RPC URLs that browsers may see. Nothing is cached, because these reads decide about money. */
export function saleClient(chain: SaleChain): PublicClient {
  return createPublicClient({
    chain: saleNetwork(chain),
    transport: saleTransport(chain),
    pollingInterval: POLL_EVERY_MS[chain.sandboxWallet && chain.faucetUrl === undefined ? "sandbox" : "public"],
    cacheTime: 0,
    // viem's default. Named, it is in this chunk: otherwise viem loads it with the first revert, and if it does not arrive, the reason is lost.
    ccipRead: { request: ccipRequest },
  });
}

/** The part of a request that names its block; without one, the latest of whichever node answers counts. */
export function inBlock(block: bigint | undefined): { blockNumber?: bigint } {
  return block === undefined ? {} : { blockNumber: block };
}

/** The client and the sale to read. */
export interface ChainReader {
  publicClient: PublicClient;
  contract: Address;
  /** The newest block that the page has seen: what the bid is now, no older block tells. */
  seen?: bigint;
}

/**
 * Reads until it succeeds, a polling interval apart; undefined after so many attempts. A node that is behind does not know another one's latest block
 * yet: it may come, and the next attempt may reach another node.
 */
export async function readInAttempts<T>(
  { publicClient }: Pick<ChainReader, "publicClient">,
  attempts: number,
  read: () => Promise<T>,
): Promise<T | undefined> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      return await read();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, publicClient.pollingInterval));
    }
  }
  return undefined;
}

/** Attempts to read at a recent block. */
const ATTEMPTS = 3;

/**
 * Reads at the latest block, given to `read`, and at none that is older than what the page has seen: a node that is behind answers as well as
 * ever, with the state of that time. It refuses a block that it does not have, so another one is asked. Undefined if none can be read there soon.
 */
export function readRecent<T>(
  { publicClient, seen = 0n }: ChainReader,
  read: (block: bigint) => Promise<T>,
): Promise<T | undefined> {
  return readInAttempts({ publicClient }, ATTEMPTS, async () => {
    const latest = await publicClient.getBlockNumber();
    return read(latest > seen ? latest : seen);
  });
}

/** Unix seconds of the latest block; see `readRecent`. A node that has stopped would count permits and deadlines from then on. */
export async function readChainTime(reader: ChainReader): Promise<bigint | undefined> {
  const block = await readRecent(reader, (blockNumber) => reader.publicClient.getBlock({ blockNumber }));
  return block?.timestamp;
}

/** True for a contract's refusal, and where there is none: every node would say the same. */
function isOfContract(error: unknown): boolean {
  const isNone = (cause: unknown) => cause instanceof ContractFunctionZeroDataError;
  return isRevert(error) || (error instanceof BaseError && error.walk(isNone) !== null);
}

/**
 * As `readRecent`, but an error that `isAnswer` is an answer, and thrown: a refusal counts at no older block than what the page has seen either,
 * because a node that is behind refuses what depends on a later one.
 */
export async function askRecent<T>(
  reader: ChainReader,
  read: (block: bigint) => Promise<T>,
  isAnswer: (error: unknown) => boolean = isOfContract,
): Promise<T | undefined> {
  const answer = await readRecent(reader, async (block) => {
    try {
      return { value: await read(block) };
    } catch (error) {
      if (!isAnswer(error)) throw error;
      return { error };
    }
  });
  if (answer && "error" in answer) throw answer.error;
  return answer?.value;
}

/** An entity's state in the contract at one block. */
export interface EntityBid {
  bid: Bid;
  /** True once it has cancelled or been paid back, which is final. */
  refunded: boolean;
  /** The amount that cancelling, or a refund after the settlement, would pay back. */
  refundable: bigint;
  /** The amounts of each of its wallets in each token. */
  rows: readonly PositionRow[];
}

const NO_BID: EntityBid = { bid: { lockup: false, price: 0n, amount: 0n }, refunded: false, refundable: 0n, rows: [] };

/** An entity's bid at the latest block unless one is given; an empty one for an entity that the contract does not know. */
export async function readEntityBid(
  { publicClient, contract }: ChainReader,
  entityId: Hex,
  block?: bigint,
): Promise<EntityBid> {
  const [state] = await publicClient.readContract({
    address: contract,
    abi: saleAbi,
    functionName: "entityStatesByIDs",
    args: [[entityId]],
    ...inBlock(block),
  });
  if (!state) return NO_BID;
  // The stage only decides the state's name, which is not used here.
  const { bid, total, rows } = readPosition(state, "cancellation");
  return { bid, refunded: state.refunded, refundable: total.refundable, rows };
}

/**
 * The entity that a wallet is permanently tied to; at the latest block unless one is given. Rejects with the contract's WalletNotInitialized for a
 * wallet without a commitment.
 */
export async function readWalletEntity(
  { publicClient, contract }: ChainReader,
  wallet: Address,
  block?: bigint,
): Promise<Hex> {
  const [state] = await publicClient.readContract({
    address: contract,
    abi: saleAbi,
    functionName: "walletStatesByAddresses",
    args: [[wallet]],
    ...inBlock(block),
  });
  return state?.entityID ?? "0x";
}

/**
 * The sale's stage and its pause; at the latest block unless one is given. The stage is undefined for a contract version that this site does not
 * know.
 */
export async function readSaleStage(
  { publicClient, contract }: ChainReader,
  block?: bigint,
): Promise<{ stage?: SaleStage; paused: boolean }> {
  const sale = { address: contract, abi: saleAbi, ...inBlock(block) } as const;
  const [version, number, paused] = await Promise.all([
    publicClient.readContract({ ...sale, functionName: "version" }),
    publicClient.readContract({ ...sale, functionName: "stage" }),
    publicClient.readContract({ ...sale, functionName: "paused" }),
  ]);
  const stage = readStage(version, number);
  return { paused, ...(stage.ok && { stage: stage.value }) };
}

/** The amount of a wallet's tokens that the sale may take, in smallest units; at the latest block unless one is given. */
export function readAllowance(
  { publicClient, contract }: ChainReader,
  token: Address,
  owner: Address,
  block?: bigint,
): Promise<bigint> {
  const args = [owner, contract] as const;
  return publicClient.readContract({
    address: token,
    abi: tokenAbi,
    functionName: "allowance",
    args,
    ...inBlock(block),
  });
}

/** The decimals of a token, by its own contract. */
export function readDecimals(publicClient: PublicClient, token: Address): Promise<number> {
  return publicClient.readContract({ address: token, abi: tokenAbi, functionName: "decimals" });
}

/** A wallet's balance of a token, in smallest units; at the latest block unless one is given. */
export function readBalance(
  publicClient: PublicClient,
  token: Address,
  owner: Address,
  block?: bigint,
): Promise<bigint> {
  return publicClient.readContract({
    address: token,
    abi: tokenAbi,
    functionName: "balanceOf",
    args: [owner],
    ...inBlock(block),
  });
}

/** True if an address has code: a contract wallet, or an account that delegates to one. */
export async function isContractWallet(publicClient: PublicClient, address: Address): Promise<boolean> {
  return ((await publicClient.getCode({ address })) ?? "0x") !== "0x";
}

/** The code of an account that delegates to a contract (EIP-7702): a marker and the contract's address. */
const DELEGATION = /^0xef0100[0-9a-f]{40}$/i;

/**
 * True if an address is a contract and nothing else, such as a multisig: it sends nothing itself, so a hash that its wallet answers with may
 * never be on the chain. An account that delegates to a contract still has a key and sends its own transactions.
 */
export async function isContractAccount(publicClient: PublicClient, address: Address): Promise<boolean> {
  const code = (await publicClient.getCode({ address })) ?? "0x";
  return code !== "0x" && !DELEGATION.test(code);
}
