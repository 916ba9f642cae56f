/** The facts that decide how the sale gets its tokens; amounts in smallest units. */
export interface FundingFacts {
  /** The amount that the bid will take from this wallet. */
  increment: bigint;
  /** The entity's commitment before the bid. */
  committed: bigint;
  /** The amount that the sale may already take. */
  allowance: bigint;
  /** True if the token supports EIP-2612 permits. */
  tokenHasPermit: boolean;
  /** True if the wallet's address has code: tokens then ask that code about signatures, or refuse them (also EIP-7702 accounts). */
  isContractWallet: boolean;
  /** False once the wallet could not sign typed data, or the token refused the signature. */
  canSign: boolean;
}

/**
 * The ways for the sale to get its tokens: an allowance that is there already, a signature, or one or two transactions before the bid. "reset":
 * nothing is taken, and an old allowance is withdrawn first.
 */
export type Funding = "allowance" | "signature" | "approval" | "approval-after-reset" | "reset";

/**
 * True if the sale could take more than the user confirms. A bid carries the entity's new total, and the contract takes all that is missing to
 * it: if the operator or another wallet takes something back until the bid is in a block, an old allowance would pay for that too (issue 13).
 */
export function mayTakeMore({
  allowance,
  increment,
  committed,
}: Pick<FundingFacts, "allowance" | "increment" | "committed">): boolean {
  return allowance > increment && committed > 0n;
}

/**
 * Chooses the way with the fewest wallet prompts that is sure to work. A token without EIP-2612 may be USDT, which refuses to change an
 * allowance that is not zero. The chain does not show this, so such an allowance is always reset first (sonar.md 4.7). An allowance that may
 * pay more is set to the exact amount by an approval: the contract swallows a refused signature, and would take from the old allowance.
 */
export function decideFunding(facts: FundingFacts): Funding {
  const { allowance, increment, tokenHasPermit } = facts;
  const isTooMuch = mayTakeMore(facts);
  if (allowance >= increment && !isTooMuch) return "allowance";
  if (increment === 0n) return "reset";
  if (tokenHasPermit && facts.canSign && !facts.isContractWallet && !isTooMuch) return "signature";
  return allowance > 0n && !tokenHasPermit ? "approval-after-reset" : "approval";
}

/** True if the user pays for a transaction before the bid. */
export function needsApproval(funding: Funding): boolean {
  return funding !== "allowance" && funding !== "signature";
}
