import type { Hex } from "viem";
import { STATE_UNREAD } from "@/lib/purchase/errors/purchase-error";
import { askRecent, inBlock } from "@/lib/wallet/transactions/read-chain";
import { isRefusal, PurchaseAborted } from "@/lib/wallet/transactions/send-errors";
import type { Call, TransactionContext } from "@/lib/wallet/transactions/transaction-context";

/**
 * The gas limit for an estimate. It is higher than the estimate: a bid in the same second as the previous one writes no new time, so the
 * estimate is too low if it is mined in a later second, and some wallets ignore the needs of nested calls (sonar.md 4.7). Unused gas is not
 * paid.
 */
function gasLimit(estimate: bigint): bigint {
  return (estimate * 3n) / 2n + 50_000n;
}

/** The data that a call would answer with; absent if none. */
interface Answer {
  data?: Hex;
}

function simulateAt({ publicClient, account }: TransactionContext, call: Call, block?: bigint): Promise<Answer> {
  return publicClient.call({
    account,
    ...call,
    ...(block === undefined ? { blockTag: "latest" } : { blockNumber: block }),
  });
}

async function prepareAt(context: TransactionContext, call: Call, block?: bigint): Promise<bigint> {
  await simulateAt(context, call, block);
  const { publicClient, account } = context;
  return gasLimit(await publicClient.estimateGas({ account, ...call, ...inBlock(block) }));
}

/**
 * Runs a simulation at the latest block. A refusal counts only at a block that is no older than what the page has seen: a node that is behind lacks
 * the wallet's commitment, or the approval that was just given (sonar.md 4.7), or refuses a signature for its nonce, which the contract swallows.
 * Else a good wallet would be taken for one that cannot sign, and its user would pay for approvals (issue 13).
 */
async function atRecent<T>(context: TransactionContext, run: (block?: bigint) => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
  const answer = await askRecent(context, async (block) => ({ value: await run(block) }), isRefusal);
  if (!answer) throw new PurchaseAborted(STATE_UNREAD);
  return answer.value;
}

/** Simulates a call. Throws the contract's error. */
export function simulate(context: TransactionContext, call: Call): Promise<Answer> {
  return atRecent(context, (block) => simulateAt(context, call, block));
}

/**
 * Simulates a call at no older block than what the page has seen. Throws the contract's error; undefined if no node can tell. A wallet's node that
 * refuses a call may be the newer one.
 */
export function simulateRecent(context: TransactionContext, call: Call): Promise<Answer | undefined> {
  return askRecent(context, (block) => simulateAt(context, call, block), isRefusal);
}

/** Simulates a call and returns its gas limit. Throws the contract's error. */
export function prepare(context: TransactionContext, call: Call): Promise<bigint> {
  return atRecent(context, (block) => prepareAt(context, call, block));
}
