import { encodeFunctionData, type Address } from "viem";
import { isContractWallet, readAllowance } from "@/lib/wallet/transactions/read-chain";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import { sendCall, PurchaseAborted, type TransactionContext } from "@/lib/wallet/transactions/send";
import { requireConfirmed, type SendOptions } from "@/lib/wallet/transactions/require-confirmed";
import type { SendStepId } from "@/lib/purchase/progress";
import { ALLOWANCE_NOT_SEEN, approvedTooLittle } from "@/lib/purchase/errors/purchase-error";
import type { PaymentToken } from "@/lib/sale/state";
import { tokenAbi } from "@/lib/sale/abi";

/** The facts that decide how the sale gets its tokens; amounts in smallest units. */
export interface FundingFacts {
  /** The amount that the bid will take from this wallet. */
  increment: bigint;
  /** The amount that the sale may already take. */
  allowance: bigint;
  /** True if the token supports EIP-2612 permits. */
  tokenHasPermit: boolean;
  /** True if the wallet's address has code: tokens then ask that code about signatures, or refuse them (also EIP-7702 accounts). */
  isContractWallet: boolean;
  /** False once the wallet could not sign typed data, or the token refused the signature. */
  canSign: boolean;
}

/** The ways for the sale to get its tokens: an allowance that is there already, a signature, or one or two transactions before the bid. */
export type Funding = "allowance" | "signature" | "approval" | "approval-after-reset";

/**
 * Chooses the way with the fewest wallet prompts that is sure to work. A token without EIP-2612 may be USDT, which refuses to change an
 * allowance that is not zero. The chain does not show this, so such an allowance is always reset first (sonar.md 4.7).
 */
export function decideFunding(facts: FundingFacts): Funding {
  if (facts.allowance >= facts.increment) return "allowance";
  if (facts.tokenHasPermit && facts.canSign && !facts.isContractWallet) return "signature";
  return facts.allowance > 0n && !facts.tokenHasPermit ? "approval-after-reset" : "approval";
}

/** True if the user pays for a transaction before the bid. */
export function needsApproval(funding: Funding): boolean {
  return funding === "approval" || funding === "approval-after-reset";
}

const NOT_NEEDED: Record<Funding, readonly SendStepId[]> = {
  allowance: ["reset-allowance", "approve", "sign"],
  signature: ["reset-allowance", "approve"],
  approval: ["reset-allowance", "sign"],
  "approval-after-reset": ["sign"],
};

/** The steps of a commitment that this way of funding does not need. */
export function skippedSteps(funding: Funding): readonly SendStepId[] {
  return NOT_NEEDED[funding];
}

/** The way of funding for this wallet and token, according to the chain now. */
export async function chooseFunding(
  context: TransactionContext,
  { token, increment }: CommitOrder,
  { canSign }: { canSign: boolean },
): Promise<Funding> {
  const [allowance, contractWallet] = await Promise.all([
    readAllowance(context, token.address, context.account),
    isContractWallet(context.publicClient, context.account),
  ]);
  const tokenHasPermit = token.permit !== undefined;
  return decideFunding({ increment, allowance, tokenHasPermit, isContractWallet: contractWallet, canSign });
}

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
  options: SendOptions,
): Promise<bigint> {
  options.report({ type: "began", id });
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [context.contract, amount] });
  const effect = { of: "allowance", wallet: context.account, token } as const;
  const sent = await sendCall(context, { to: token, data, effect, afterApproval: afterReset });
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

/** Approves exactly `amount` of a token for the sale, in one or two transactions, and returns once the chain shows it. */
export async function approveFunding(
  context: TransactionContext,
  { funding, token, amount }: { funding: Funding; token: PaymentToken; amount: bigint },
  options: SendOptions,
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
