import { encodeFunctionData } from "viem";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import type { PlannedBid } from "@/hooks/wallet/lazy/plan-bid-now";
import type { FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { signTokenPermit } from "@/hooks/wallet/lazy/sign-token-permit";
import type { Call, TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { saleAbi } from "@/lib/sale/abi";
import type { Funding } from "@/lib/sale/funding";

/** A signature for the token is good for no longer than this (seconds), however long the permit of the sale lives. */
const LONGEST_SIGNATURE = 1_800n;

/** The transaction of a planned bid; has the wallet sign for the token first where that is the way of funding. */
export async function bidCall(
  context: TransactionContext,
  { token }: CommitOrder,
  { plan, permit, permitSignature, now }: PlannedBid,
  funding: Funding,
  { report }: FlowOptions,
): Promise<Call> {
  const args = [token.address, plan.bid, permit, permitSignature] as const;
  if (funding !== "signature") {
    const data = encodeFunctionData({ abi: saleAbi, functionName: "replaceBidWithApproval", args });
    return { to: context.contract, data };
  }
  report({ type: "began", id: "sign" });
  const latest = now + LONGEST_SIGNATURE;
  const deadline = permit.expiresAt < latest ? permit.expiresAt : latest;
  const { signature } = await signTokenPermit(context, { token, value: plan.delta, deadline });
  const data = encodeFunctionData({
    abi: saleAbi,
    functionName: "replaceBidWithPermit",
    args: [...args, deadline, signature],
  });
  return { to: context.contract, data };
}
