import { encodeFunctionData } from "viem";
import type { Confirmed } from "@/hooks/wallet/lazy/commit";
import { explainStop, PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import { requireConfirmed, type FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { requireWallet, sendCall } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { saleAbi } from "@/lib/sale/abi";

/** The buyer's two ways back; neither takes an argument: the contract knows the entity by the wallet. */
export type WayBack = "cancelBid" | "claimRefund";

async function send(context: TransactionContext, way: WayBack, options: FlowOptions): Promise<Confirmed> {
  options.report({ type: "began", id: "check" });
  await requireWallet(context);
  const call = { to: context.contract, data: encodeFunctionData({ abi: saleAbi, functionName: way }) };
  options.report({ type: "began", id: "send" });
  const hash = await sendCall(context, call);
  const receipt = await requireConfirmed(context, { id: "send", call, hash }, options);
  return { hash: receipt.transactionHash, block: receipt.blockNumber };
}

/** Cancels the entity's whole commitment, or claims what was not accepted. Throws `PurchaseStopped` with the reason, and nothing else. */
export function takeBack(context: TransactionContext, way: WayBack, options: FlowOptions): Promise<Confirmed> {
  return send(context, way, options).catch((error: unknown) => {
    throw new PurchaseStopped(explainStop(error, options.words));
  });
}
