import { encodeFunctionData, type Hex } from "viem";
import type { Confirmed } from "@/hooks/wallet/lazy/commit";
import { explainStop, PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import { readWalletEntity } from "@/hooks/wallet/lazy/read-chain";
import { requireConfirmed, type FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { requireWallet, sendCall } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { saleAbi } from "@/lib/sale/abi";
import { WALLET_OF_OTHER_ENTITY } from "@/lib/sale/purchase-error";

/** What the user confirmed to take back, and for which entity. */
export interface TakeBackOrder {
  functionName: "cancelBid" | "claimRefund";
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
}

/**
 * Neither call names an entity: the contract takes the sender's. A wallet that was switched since the user read what will be cancelled
 * would cancel another entity's commitment, and for good (sonar.md 4.8).
 */
async function requireWalletOf(context: TransactionContext, entityId: Hex): Promise<void> {
  const own = await readWalletEntity(context, context.account);
  if (own.toLowerCase() !== entityId.toLowerCase()) throw new PurchaseStopped(WALLET_OF_OTHER_ENTITY);
}

async function send(
  context: TransactionContext,
  { functionName, entityId }: TakeBackOrder,
  options: FlowOptions,
): Promise<Confirmed> {
  options.report({ type: "began", id: "check" });
  await requireWallet(context);
  await requireWalletOf(context, entityId);
  const call = { to: context.contract, data: encodeFunctionData({ abi: saleAbi, functionName }) };
  options.report({ type: "began", id: "send" });
  const hash = await sendCall(context, call);
  const receipt = await requireConfirmed(context, { id: "send", call, hash }, options);
  return { hash: receipt.transactionHash, block: receipt.blockNumber };
}

/** Cancels the entity's whole commitment, or claims what was not accepted. Throws `PurchaseStopped` with the reason, and nothing else. */
export function takeBack(context: TransactionContext, order: TakeBackOrder, options: FlowOptions): Promise<Confirmed> {
  return send(context, order, options).catch((error: unknown) => {
    throw new PurchaseStopped(explainStop(error, options.words));
  });
}
