import "server-only";
import { domainSeparator, keccak256, stringToHex, type Address } from "viem";
import type { PaymentToken } from "@/lib/sale/sale-state";

/** What a token says about signed approvals; undefined where it does not have the function. */
export interface PermitFacts {
  address: Address;
  chainId: number;
  name: string | undefined;
  version: string | undefined;
  nonce: bigint | undefined;
  domainSeparator: string | undefined;
  permitTypehash: string | undefined;
}

/** Of EIP-2612's message. Tokens that are older than the standard, DAI for one, sign another message on the same domain. */
const PERMIT_TYPEHASH = keccak256(
  stringToHex("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
);

/** Where a token does not tell its domain's version: "2" is USDC's, "1" OpenZeppelin's (sonar.md 4.7). */
const LIKELY_VERSIONS = ["2", "1"];

/**
 * The EIP-712 domain on which the token takes EIP-2612 permits, or undefined if it takes none. The domain is computed and compared with the
 * token's own, so that a signature is never asked for which the token would refuse.
 */
export function permitDomain(facts: PermitFacts): PaymentToken["permit"] {
  const { address, chainId, name, nonce, permitTypehash } = facts;
  if (name === undefined || nonce === undefined || facts.domainSeparator === undefined) return undefined;
  if (permitTypehash !== undefined && permitTypehash !== PERMIT_TYPEHASH) return undefined;
  const candidates = facts.version === undefined ? LIKELY_VERSIONS : [facts.version, ...LIKELY_VERSIONS];
  const version = candidates.find(
    (one) =>
      domainSeparator({ domain: { name, version: one, chainId, verifyingContract: address } }) ===
      facts.domainSeparator,
  );
  return version === undefined ? undefined : { name, version };
}
