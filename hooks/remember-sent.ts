import type { Address } from "viem";
import {
  forgetPendingTransaction,
  readPendingTransaction,
  rememberPendingTransaction,
} from "@/hooks/use-pending-transaction";
import type { SaleRequest } from "@/hooks/wallet/lazy/transactions";
import type { PendingScope, PendingTransaction } from "@/lib/sale/pending-transaction";
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
  return { kind: id === "send" ? "commit" : "approve", ...common, ...amounts };
}

/** Keeps what a flow sends in the browser's memory for as long as its outcome is open: call it with every event of the flow. */
export function rememberSent(by: SentBy): (event: PurchaseStepEvent) => void {
  return (event) => {
    const present = readPendingTransaction(by);
    if (event.type === "sent" && event.nonce === undefined) return rememberPendingTransaction(pendingOf(by, event));
    // The nonce is told later, maybe after the outcome: what is forgotten by then must stay so.
    if (event.type === "sent" && present?.hash === event.hash)
      return rememberPendingTransaction({ ...present, nonce: event.nonce });
    // The next step has begun, so the approval before it is in a block.
    if (event.type === "began" && present?.kind === "approve") forgetPendingTransaction(present);
  };
}
