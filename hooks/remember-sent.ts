import type { Address } from "viem";
import { forgetPendingTransaction, rememberNonce, rememberPendingTransaction } from "@/hooks/use-pending-transaction";
import type { SaleRequest } from "@/hooks/wallet/lazy/transactions";
import type { PendingScope, PendingTransaction } from "@/lib/sale/pending-transaction";
import { isApprovalStep } from "@/lib/sale/nothing-sent";
import type { PurchaseStepEvent } from "@/lib/sale/purchase-steps";

/** Which transactions are remembered: of whom, and what for. */
interface SentBy extends PendingScope {
  wallet: Address;
  request: SaleRequest;
}

type Sent = Extract<PurchaseStepEvent, { type: "sent" }>;

function pendingOf({ request, wallet, chainId, contract, entityId }: SentBy, { id, hash }: Sent): PendingTransaction {
  const common = { hash, chainId, contract, entityId, wallet, sentAt: Date.now() };
  if (request.kind !== "commit") return { kind: request.kind, ...common };
  const { token, increment, expected } = request.order;
  const amounts = { token: token.address, increment: `${increment}`, total: `${expected.amount}` };
  return { kind: isApprovalStep(id) ? id : "commit", ...common, ...amounts };
}

/** What one flow has sent, in the browser's memory for as long as its outcome is open. */
interface SentMemory {
  /** Call it with every event of the flow. */
  follow: (event: PurchaseStepEvent) => void;
  /** The flow is over. What another tab has sent meanwhile is not this flow's to forget. */
  forget: () => void;
}

/** Remembers what a flow sends. */
export function rememberSent(by: SentBy): SentMemory {
  let last: PendingTransaction | undefined;
  const forget = () => {
    if (last) forgetPendingTransaction(last);
  };
  const follow = (event: PurchaseStepEvent) => {
    if (event.type === "sent" && event.nonce === undefined) {
      last = pendingOf(by, event);
      rememberPendingTransaction(last);
    }
    if (event.type === "sent" && event.nonce !== undefined && last?.hash === event.hash)
      rememberNonce(last, event.nonce);
    // The next step has begun, so what made way for it is in a block.
    if (event.type === "began" && (last?.kind === "approve" || last?.kind === "reset-allowance")) forget();
  };
  return { follow, forget };
}
