import type { Address, Hex } from "viem";
import { explainError } from "@/lib/purchase/errors/explain-error";
import type { PendingTransaction } from "@/lib/purchase/pending";
import { isApprovalStep, type StateBefore } from "@/lib/purchase/progress";
import { saleAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";
import {
  isContractAccount,
  readAllowance,
  readEntityBid,
  type ChainReader,
} from "@/lib/wallet/transactions/read-chain";

/** The state of the chain that a transaction of `wallet` changes, whoever sends it in the end. */
export type Effect = { wallet: Address } & (
  { of: "allowance"; token: Address } | { of: "commitment"; token: Address } | { of: "bid"; entityId: Hex }
);

/** The effect of a request that an earlier page load has stored. */
export function effectOf({ kind, wallet, entityId, token, increment = "0" }: PendingTransaction): Effect {
  if (token && isApprovalStep(kind)) return { of: "allowance", wallet, token };
  // A bid that adds nothing changes only its own terms.
  if (token && kind === "commit" && BigInt(increment) > 0n) return { of: "commitment", wallet, token };
  return { of: "bid", wallet, entityId };
}

/** A wallet's committed amount of a token, at the latest block unless one is given. The contract refuses to tell it of wallets that it does not know yet. */
async function readCommitted(
  { publicClient, contract }: ChainReader,
  { wallet, token }: { wallet: Address; token: Address },
  block?: bigint,
): Promise<bigint> {
  try {
    const [state] = await publicClient.readContract({
      address: contract,
      abi: saleAbi,
      functionName: "walletStatesByAddresses",
      args: [[wallet]],
      ...(block !== undefined && { blockNumber: block }),
    });
    return state?.committedAmountByToken.find((row) => sameHex(row.token, token))?.amount ?? 0n;
  } catch (error) {
    if (explainError(error).kind === "WalletNotInitialized") return 0n;
    throw error;
  }
}

/** An effect to wait for, since the hash says nothing: the account is a contract, or there is no hash. */
export interface Watched {
  effect: Effect;
  before: StateBefore;
}

async function readState(reader: ChainReader, effect: Effect, block?: bigint): Promise<string> {
  if (effect.of === "allowance") return `${await readAllowance(reader, effect.token, effect.wallet, block)}`;
  if (effect.of === "commitment") return `${await readCommitted(reader, effect, block)}`;
  const { bid, refunded } = await readEntityBid(reader, effect.entityId, block);
  return [bid.amount, bid.price, bid.lockup, refunded].join(":");
}

/** The state before a transaction; undefined if it cannot be read, which must not keep anybody from sending. */
async function readBefore(reader: ChainReader, effect: Effect): Promise<StateBefore | undefined> {
  try {
    const block = await reader.publicClient.getBlockNumber();
    return { block: `${block}`, value: await readState(reader, effect) };
  } catch {
    return undefined;
  }
}

/** What is known before a transaction is sent, to notice its effect without its hash. */
export interface Prospect {
  before?: StateBefore;
  /** Others may have to sign, and the answer to the request may be no transaction hash. */
  isContract: boolean;
}

/** Reads what has to be known before sending. Never rejects. */
export async function readProspect(reader: ChainReader, effect: Effect): Promise<Prospect> {
  const [before, isContract] = await Promise.all([
    readBefore(reader, effect),
    isContractAccount(reader.publicClient, effect.wallet).catch(() => false),
  ]);
  return { ...(before && { before }), isContract };
}

/** True if a block has the effect. A node that is behind the one that was asked before has older states, which prove nothing. */
export async function hasEffect(reader: ChainReader, { effect, before }: Watched, block: bigint): Promise<boolean> {
  if (block <= BigInt(before.block)) return false;
  const state = await readState(reader, effect, block);
  // A commitment that shrinks has been taken down by the operator.
  return effect.of === "commitment" ? BigInt(state) > BigInt(before.value) : state !== before.value;
}

/** The first polls come as often as the client's; a multisig's owners may take days, so later ones are rarer. */
const SLOWEST_POLL_MS = 15_000;

/** Options of watching. */
interface WatchOptions {
  signal: AbortSignal;
  /** Called again and again once watching takes longer than this. */
  onSlow?: () => void;
  slowAfterMs: number;
}

/** Watches until a block has the effect, and returns that block; undefined once the caller stops. Nodes that fail are asked again. */
export async function awaitEffect(
  reader: ChainReader,
  watched: Watched,
  { signal, onSlow, slowAfterMs }: WatchOptions,
): Promise<bigint | undefined> {
  const { publicClient } = reader;
  let pollMs = publicClient.pollingInterval;
  for (let waitedMs = 0; !signal.aborted; waitedMs += pollMs) {
    const block = await publicClient.getBlockNumber().catch(() => undefined);
    if (block !== undefined && (await hasEffect(reader, watched, block).catch(() => false))) return block;
    if (waitedMs >= slowAfterMs) onSlow?.();
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    pollMs = Math.min(pollMs * 1.1, SLOWEST_POLL_MS);
  }
  return undefined;
}
