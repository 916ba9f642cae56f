import { encodeFunctionData, type Address } from "viem";
import { decideFunding, mayTakeMore, needsApproval, type Funding } from "@/lib/purchase/funding";
import { isContractWallet, readAllowance, readRecent } from "@/lib/wallet/transactions/read-chain";
import { committedBefore, type CommitOrder } from "@/lib/wallet/transactions/order";
import { sendCall } from "@/lib/wallet/transactions/send";
import { PurchaseAborted } from "@/lib/wallet/transactions/send-errors";
import { contextAfter, type TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import { requireConfirmed, type SendOptions } from "@/lib/wallet/transactions/require-confirmed";
import type { SendStepId } from "@/lib/purchase/progress";
import {
  ALLOWANCE_NOT_SEEN,
  ALLOWANCE_UNREAD,
  APPROVED_TOO_MUCH,
  approvedTooLittle,
} from "@/lib/purchase/errors/purchase-error";
import { tokenAbi } from "@/lib/sale/abi";

const NOT_NEEDED: Record<Funding, readonly SendStepId[]> = {
  allowance: ["reset-allowance", "approve", "sign"],
  signature: ["reset-allowance", "approve"],
  approval: ["reset-allowance", "sign"],
  "approval-after-reset": ["sign"],
  reset: ["approve", "sign"],
};

/** The steps of a commitment that this way of funding does not need. */
export function skippedSteps(funding: Funding): readonly SendStepId[] {
  return NOT_NEEDED[funding];
}

/** At no older block than what the page has seen: a node that is behind would hide an allowance that can pay for more. */
async function allowanceNow(context: TransactionContext, { token }: CommitOrder): Promise<bigint> {
  const allowance = await readRecent(context, (block) => readAllowance(context, token.address, context.account, block));
  if (allowance === undefined) throw new PurchaseAborted(ALLOWANCE_UNREAD);
  return allowance;
}

/**
 * True if an approval that was given meanwhile, on another device say, would let the sale take more than the user confirms. The contract swallows
 * the refused signature of an amount that it does not take, and takes the other one from the allowance (issue 13).
 */
export async function isApprovedTooMuch(context: TransactionContext, order: CommitOrder): Promise<boolean> {
  const committed = committedBefore(order);
  if (committed === 0n) return false;
  return mayTakeMore({ allowance: await allowanceNow(context, order), increment: order.increment, committed });
}

/** The way of funding for this wallet and token, according to the chain now. */
export async function chooseFunding(
  context: TransactionContext,
  order: CommitOrder,
  { canSign }: { canSign: boolean },
): Promise<Funding> {
  const { token, increment } = order;
  const [allowance, contractWallet] = await Promise.all([
    allowanceNow(context, order),
    isContractWallet(context.publicClient, context.account),
  ]);
  const tokenHasPermit = token.permit !== undefined;
  const committed = committedBefore(order);
  return decideFunding({ increment, committed, allowance, tokenHasPermit, isContractWallet: contractWallet, canSign });
}

const MAX_POLLS = 30;

interface Approval {
  id: "reset-allowance" | "approve";
  token: Address;
  amount: bigint;
}

/** Sends an approval and returns its block. */
async function approve(
  context: TransactionContext,
  { id, token, amount }: Approval,
  options: SendOptions,
): Promise<bigint> {
  options.report({ type: "began", id });
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [context.contract, amount] });
  const effect = { of: "allowance", wallet: context.account, token } as const;
  const sent = await sendCall(context, { to: token, data, effect });
  return (await requireConfirmed(context, { id, ...sent }, options)).block;
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

/** What the sale may take since this block. */
interface Approved {
  allowance: bigint;
  block: bigint;
}

/** Sends what this way of funding needs, one transaction or two. */
async function approveBy(
  context: TransactionContext,
  { token: { address }, increment }: CommitOrder,
  funding: Funding,
  options: SendOptions,
): Promise<Approved> {
  const afterReset = funding === "approval-after-reset";
  let now = context;
  if (afterReset || funding === "reset") {
    const reset = { id: "reset-allowance", token: address, amount: 0n } as const;
    const block = await approve(context, reset, options);
    const allowance = await awaitAllowance(context, address, block);
    if (!afterReset) return { allowance, block };
    now = contextAfter(context, block);
  }
  const block = await approve(now, { id: "approve", token: address, amount: increment }, options);
  return { allowance: await awaitAllowance(context, address, block), block };
}

/**
 * Approves exactly the amount of an order for the sale, if that is the way of funding, and returns the context of what it pays for once the chain
 * shows it. Wallets let the user change the amount: waiting would not raise it, and one that is too large could pay for more.
 */
export async function approveFunding(
  context: TransactionContext,
  order: CommitOrder,
  funding: Funding,
  options: SendOptions,
): Promise<TransactionContext> {
  if (!needsApproval(funding)) return context;
  const { token, increment } = order;
  const { allowance, block } = await approveBy(context, order, funding, options);
  if (allowance < increment) throw new PurchaseAborted(approvedTooLittle(allowance, increment, token));
  const facts = { allowance, increment, committed: committedBefore(order) };
  if (mayTakeMore(facts)) throw new PurchaseAborted(APPROVED_TOO_MUCH);
  return contextAfter(context, block);
}
