import { explainStop } from "@/hooks/wallet/lazy/purchase-stopped";
import type { PurchaseError } from "@/lib/sale/purchase-error";

/**
 * How a token can say that an allowance is not what it needs: mainnet's USDT reverts without any data, and others with errors of their own.
 * The sale's errors are all known, and the one that it gives without data, for a bad payload, is found before (sonar.md 4.5).
 */
const KINDS: ReadonlySet<PurchaseError["kind"]> = new Set([
  "ERC20InsufficientAllowance",
  "SafeERC20FailedOperation",
  "revert-without-reason",
  "unknown-revert",
]);

/** Whether a refusal may be about an allowance: one that is not given yet, or one that a node which is behind still sees. */
export function isAllowanceRefusal(error: unknown): boolean {
  return KINDS.has(explainStop(error).kind);
}
