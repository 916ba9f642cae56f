import type { SendStepId } from "@/lib/purchase/steps";

/** What decides how the sale gets its tokens; amounts in smallest units. */
export interface FundingFacts {
  /** What the bid will take from this wallet. */
  increment: bigint;
  /** What the sale may take already. */
  allowance: bigint;
  /** The token takes EIP-2612 permits. */
  tokenHasPermit: boolean;
  /** There is code at the wallet's address: tokens then ask that code about signatures, or refuse them (also EIP-7702 accounts). */
  isContractWallet: boolean;
  /** False once the wallet has refused to sign typed data, or the token to take the signature. */
  canSign: boolean;
}

/** How the sale gets its tokens: it may take them already, by a signature, or by one or two transactions before the bid. */
export type Funding = "allowance" | "signature" | "approval" | "approval-after-reset";

/**
 * The way with the fewest prompts that is sure to work. A token without EIP-2612 may be USDT, which refuses to change an allowance that is not
 * zero; nothing on the chain tells, so such an allowance is always reset first (sonar.md 4.7).
 */
export function decideFunding(facts: FundingFacts): Funding {
  if (facts.allowance >= facts.increment) return "allowance";
  if (facts.tokenHasPermit && facts.canSign && !facts.isContractWallet) return "signature";
  return facts.allowance > 0n && !facts.tokenHasPermit ? "approval-after-reset" : "approval";
}

/** Whether the user pays for a transaction before the bid. */
export function needsApproval(funding: Funding): boolean {
  return funding === "approval" || funding === "approval-after-reset";
}

const NOT_NEEDED: Record<Funding, readonly SendStepId[]> = {
  allowance: ["reset-allowance", "approve", "sign"],
  signature: ["reset-allowance", "approve"],
  approval: ["reset-allowance", "sign"],
  "approval-after-reset": ["sign"],
};

/** The steps of a commitment that this way of funding leaves out. */
export function skippedSteps(funding: Funding): readonly SendStepId[] {
  return NOT_NEEDED[funding];
}
