import type { Address, TransactionReceipt } from "viem";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { sameHex } from "@/lib/sale/hex";
import { hasEffect, type Watched } from "@/lib/wallet/transactions/effect";
import type { ChainReader } from "@/lib/wallet/transactions/read-chain";

/** What a wallet was asked to send, and by which effect it is recognised. */
export interface AskedCall {
  account: Address;
  /** The contract that is called. */
  to: Address;
  /** Absent if the chain could not be read before. */
  effect?: Watched;
}

/** A transaction of the wallet succeeded, and the chain does not have what was asked for. */
export const WITHOUT_EFFECT: PurchaseError = {
  kind: "without-effect",
  sentence:
    "The transaction that your wallet named is confirmed, but nothing shows that it did what you asked for. Check your position before you try again.",
  action: "reload",
};

/** The account's own call of the contract, in a block after the one that was read before, is the call that was asked for. */
function isOwnCall({ from, to, blockNumber }: TransactionReceipt, asked: AskedCall): boolean {
  const isLater = !asked.effect || blockNumber > BigInt(asked.effect.before.block);
  return isLater && sameHex(from, asked.account) && sameHex(to ?? undefined, asked.to);
}

/** The effect at the latest block; undefined while the node is behind the receipt, or cannot be read. */
async function effectNow(reader: ChainReader, effect: Watched, { blockNumber }: TransactionReceipt) {
  const head = await reader.publicClient.getBlockNumber().catch(() => -1n);
  if (head < blockNumber || head <= BigInt(effect.before.block)) return undefined;
  return hasEffect(reader, effect, head).catch(() => undefined);
}

/**
 * True if the transaction of a receipt did what the wallet was asked for; undefined once the caller stops waiting. A bundle of an account that
 * sends through others (EIP-4337, EIP-7702) succeeds even when the operation in it fails, and a wallet may name any transaction: a success of
 * that kind must not read as a commitment (issue 13).
 */
export async function isProven(
  reader: ChainReader,
  receipt: TransactionReceipt,
  asked: AskedCall,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  if (isOwnCall(receipt, asked)) return true;
  if (!asked.effect) return false;
  while (!signal?.aborted) {
    const effect = await effectNow(reader, asked.effect, receipt);
    if (effect !== undefined) return effect;
    await new Promise((resolve) => setTimeout(resolve, reader.publicClient.pollingInterval));
  }
  return undefined;
}
