import type { Address, Hex } from "viem";
import { commit, type Confirmed } from "@/hooks/wallet/lazy/commit";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { openContext } from "@/hooks/wallet/lazy/open-context";
import { explainStop } from "@/hooks/wallet/lazy/purchase-stopped";
import type { FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import { saleClient } from "@/hooks/wallet/lazy/sale-client";
import { takeBack } from "@/hooks/wallet/lazy/take-back";
import { waitForOutcome, type SentOutcome, type WaitOptions } from "@/hooks/wallet/lazy/wait-for-outcome";
import type { PendingTransaction } from "@/lib/sale/pending-transaction";
import type { PurchaseError } from "@/lib/sale/purchase-error";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** What can be sent to the sale. */
export type SaleRequest = { kind: "commit"; order: CommitOrder } | { kind: "cancel" | "refund"; entityId: Hex };

/** How a request ended. */
export type SaleAnswer = { ok: true; confirmed: Confirmed } | { ok: false; error: PurchaseError };

async function perform(chain: SaleChain, account: Address, request: SaleRequest, options: FlowOptions) {
  const context = await openContext(chain, account);
  if (request.kind === "commit") return commit(context, request.order, options);
  const functionName = request.kind === "cancel" ? "cancelBid" : "claimRefund";
  return takeBack(context, { functionName, entityId: request.entityId }, options);
}

/** Sends a request with the connected wallet and waits until the chain has it. Never rejects. */
export async function sendRequest(
  chain: SaleChain,
  account: Address,
  request: SaleRequest,
  options: FlowOptions,
): Promise<SaleAnswer> {
  try {
    return { ok: true, confirmed: await perform(chain, account, request, options) };
  } catch (error) {
    return { ok: false, error: explainStop(error) };
  }
}

/** Waits for a transaction that an earlier page load or another tab has sent; needs no wallet. */
export function awaitPending(
  chain: SaleChain,
  { hash, wallet, nonce }: PendingTransaction,
  options: WaitOptions,
): Promise<SentOutcome> {
  const sent = { hash, account: wallet, nonce };
  return waitForOutcome(saleClient(chain), sent, options);
}
