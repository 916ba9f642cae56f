import { encodeFunctionData, type Address } from "viem";
import { PurchaseAborted } from "@/lib/purchase/errors/explain-error";
import { readAllowance } from "@/lib/wallet/transactions/read-chain";
import { requireConfirmed, sendCall, type FlowOptions, type TransactionContext } from "@/lib/wallet/transactions/send";
import { needsApproval, type Funding } from "@/lib/purchase/funding";
import { ALLOWANCE_NOT_SEEN, approvedTooLittle } from "@/lib/purchase/errors/purchase-error";
import type { PaymentToken } from "@/lib/sale/state";
import { tokenAbi } from "@/lib/sale/abi";

const MAX_POLLS = 30;

interface Approval {
  id: "reset-allowance" | "approve";
  token: Address;
  amount: bigint;
  /** True if a node that is behind may still see the old allowance and refuse a new one. */
  afterReset: boolean;
}

/** Sends an approval and returns its block. */
async function approve(
  context: TransactionContext,
  { id, token, amount, afterReset }: Approval,
  options: FlowOptions,
): Promise<bigint> {
  options.report({ type: "began", id });
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [context.contract, amount] });
  const call = { to: token, data };
  const hash = await sendCall(context, call, { afterApproval: afterReset });
  return (await requireConfirmed(context, { id, call, hash }, options)).blockNumber;
}

/** The allowance at the approval's block. For this block a node that is behind fails, while at its latest block it would return the old allowance. */
async function awaitAllowance(context: TransactionContext, token: Address, block: bigint): Promise<bigint> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const allowance = await readAllowance(context, token, context.account, block).catch(() => undefined);
    if (allowance !== undefined) return allowance;
    await new Promise((resolve) => setTimeout(resolve, context.publicClient.pollingInterval));
  }
  throw new PurchaseAborted(ALLOWANCE_NOT_SEEN);
}

/** Approves exactly `amount` of a token for the sale, in one or two transactions, and returns once the chain shows it. */
export async function approveFunding(
  context: TransactionContext,
  { funding, token, amount }: { funding: Funding; token: PaymentToken; amount: bigint },
  options: FlowOptions,
): Promise<void> {
  if (!needsApproval(funding)) return;
  const { address } = token;
  const afterReset = funding === "approval-after-reset";
  if (afterReset) {
    const reset = { id: "reset-allowance", token: address, amount: 0n, afterReset: false } as const;
    await awaitAllowance(context, address, await approve(context, reset, options));
  }
  const block = await approve(context, { id: "approve", token: address, amount, afterReset }, options);
  const approved = await awaitAllowance(context, address, block);
  // Wallets let the user change the spending cap, and waiting would not raise it.
  if (approved < amount) throw new PurchaseAborted(approvedTooLittle(approved, amount, token));
}
