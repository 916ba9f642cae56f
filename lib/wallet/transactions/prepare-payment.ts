import { ALLOWANCE_UNREAD } from "@/lib/purchase/errors/purchase-error";
import { readRecent } from "@/lib/wallet/transactions/read-chain";
import {
  isAllowanceError,
  prepare,
  PurchaseAborted,
  type Call,
  type TransactionContext,
} from "@/lib/wallet/transactions/send";

/** The number of retries for a node that has not seen the new allowance yet. */
const MAX_RETRIES = 5;

/**
 * Simulates what an approval, or its reset, pays for, and returns the gas limit. Another node behind the same URL may still be a block behind and
 * reject the call (sonar.md 4.7), so errors about an allowance lead to a retry.
 */
export async function prepareAfterApproval(context: TransactionContext, call: Call): Promise<bigint> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prepare(context, call);
    } catch (error) {
      if (attempt > MAX_RETRIES || !isAllowanceError(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, context.publicClient.pollingInterval));
  }
}

/**
 * The same for what a signature pays for. The contract swallows a refused signature, which shows as a missing allowance, and so does one that a
 * node with an older nonce refuses. The error counts only at a block that is no older than what the page has seen: else a good wallet would be taken
 * for one that cannot sign, and its user would pay for approvals (issue 13).
 */
export async function prepareSigned(context: TransactionContext, call: Call): Promise<bigint> {
  try {
    return await prepare(context, call);
  } catch (error) {
    if (!isAllowanceError(error)) throw error;
  }
  const answer = await readRecent(context, async (block) => {
    try {
      return { gas: await prepare(context, call, block) };
    } catch (error) {
      if (!isAllowanceError(error)) throw error;
      return { error };
    }
  });
  if (!answer) throw new PurchaseAborted(ALLOWANCE_UNREAD);
  if ("error" in answer) throw answer.error;
  return answer.gas;
}
