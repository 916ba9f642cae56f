import { encodeFunctionData, type Address } from "viem";
import { PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import { readAllowance } from "@/hooks/wallet/lazy/read-chain";
import { requireConfirmed, type FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { sendCall } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { needsApproval, type Funding } from "@/lib/sale/funding";
import { ALLOWANCE_NOT_SEEN } from "@/lib/sale/purchase-error";
import { tokenAbi } from "@/lib/sale/token-abi";

const LOOKS = 30;

async function approve(
  context: TransactionContext,
  { id, token, amount }: { id: "reset-allowance" | "approve"; token: Address; amount: bigint },
  options: FlowOptions,
): Promise<void> {
  options.report({ type: "began", id });
  const data = encodeFunctionData({ abi: tokenAbi, functionName: "approve", args: [context.contract, amount] });
  const call = { to: token, data };
  const hash = await sendCall(context, call);
  await requireConfirmed(context, { id, call, hash }, options);
}

/** Behind one address there may be several nodes, and one that is a block behind would refuse the bid (sonar.md 4.7). */
async function awaitAllowance(context: TransactionContext, token: Address, needed: bigint): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    if ((await readAllowance(context, token, context.account)) >= needed) return;
    await new Promise((resolve) => setTimeout(resolve, context.publicClient.pollingInterval));
  }
  throw new PurchaseStopped(ALLOWANCE_NOT_SEEN);
}

/** Lets the sale take exactly `amount` of a token, in one transaction or two, and returns when the chain shows it. */
export async function approveFunding(
  context: TransactionContext,
  { funding, token, amount }: { funding: Funding; token: Address; amount: bigint },
  options: FlowOptions,
): Promise<void> {
  if (!needsApproval(funding)) return;
  if (funding === "approval-after-reset") await approve(context, { id: "reset-allowance", token, amount: 0n }, options);
  await approve(context, { id: "approve", token, amount }, options);
  await awaitAllowance(context, token, amount);
}
