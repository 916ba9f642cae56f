import type { Hex } from "viem";

/** What an EIP-2612 permit is made of; name, version and nonce are read from the token. */
export interface TokenPermitInput {
  token: Hex;
  name: string;
  version: string;
  chainId: number;
  owner: Hex;
  /** The sale contract. */
  spender: Hex;
  /** Smallest units: the bid's delta to the unit, because the contract hands its own delta to the token (sonar.md 4.7). */
  value: bigint;
  nonce: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/** The types of EIP-2612's one message. */
const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** The EIP-712 message by which `owner` lets the sale take `value`, for a wallet to sign. The contract wants r, s and v: 65 bytes. */
export function tokenPermitTypedData(input: TokenPermitInput) {
  const { token, name, version, chainId, owner, spender, value, nonce, deadline } = input;
  return {
    domain: { name, version, chainId, verifyingContract: token },
    types: TYPES,
    primaryType: "Permit",
    message: { owner, spender, value, nonce, deadline },
  } as const;
}
