import { FailureError } from "@/lib/failure-error";
import { failureError, type PurchaseError } from "@/lib/sale/purchase-error";
import { explainError } from "@/lib/sale/revert-message";
import type { MessageContext } from "@/lib/sale/revert-sentence";

/** Ends a flow for a reason that is known already. Never leaves the flow: its callers get the reason as a value. */
export class PurchaseStopped extends Error {
  constructor(readonly reason: PurchaseError) {
    super(reason.sentence);
  }
}

/** Why a flow ended: a reason of its own, the server's answer to the request for a permit, or what chain and wallet said. */
export function explainStop(error: unknown, context: MessageContext = {}): PurchaseError {
  if (error instanceof PurchaseStopped) return error.reason;
  return error instanceof FailureError ? failureError(error.failure) : explainError(error, context);
}
