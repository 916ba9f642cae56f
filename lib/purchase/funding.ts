/** The facts that decide how the sale gets its tokens; amounts in smallest units. */
export interface FundingFacts {
  /** The amount that the bid will take from this wallet. */
  increment: bigint;
  /** The amount that the sale may already take. */
  allowance: bigint;
  /** True if the token supports EIP-2612 permits. */
  tokenHasPermit: boolean;
  /** True if the wallet's address has code: tokens then ask that code about signatures, or refuse them (also EIP-7702 accounts). */
  isContractWallet: boolean;
  /** False once the wallet could not sign typed data, or the token refused the signature. */
  canSign: boolean;
}

/** The ways for the sale to get its tokens: an allowance that is there already, a signature, or one or two transactions before the bid. */
export type Funding = "allowance" | "signature" | "approval" | "approval-after-reset";

/**
 * Chooses the way with the fewest wallet prompts that is sure to work. A token without EIP-2612 may be USDT, which refuses to change an
 * allowance that is not zero. The chain does not show this, so such an allowance is always reset first (sonar.md 4.7).
 */
export function decideFunding(facts: FundingFacts): Funding {
  if (facts.allowance >= facts.increment) return "allowance";
  if (facts.tokenHasPermit && facts.canSign && !facts.isContractWallet) return "signature";
  return facts.allowance > 0n && !facts.tokenHasPermit ? "approval-after-reset" : "approval";
}

/** True if the user pays for a transaction before the bid. */
export function needsApproval(funding: Funding): boolean {
  return funding === "approval" || funding === "approval-after-reset";
}
