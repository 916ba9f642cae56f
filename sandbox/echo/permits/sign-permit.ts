import { mnemonicToAccount } from "viem/accounts";
import type { HDAccount, LocalAccount } from "viem/accounts";
import { encodeAbiParameters } from "viem/utils";
import type { Hex, PermitV2, PermitV3 } from "./permit";

/** The mnemonic of every local EVM chain. Its accounts are public and hold nothing anywhere. */
const DEVELOPMENT_MNEMONIC = "test test test test test test test test test test test junk";

/** The development account that signs permits; the sale contract must give it the signer role. */
const SIGNER_INDEX = 5;

const BOUNDS = [
  { name: "saleSpecificEntityID", type: "bytes16" },
  { name: "saleUUID", type: "bytes16" },
  { name: "wallet", type: "address" },
  { name: "expiresAt", type: "uint64" },
  { name: "minAmount", type: "uint256" },
  { name: "maxAmount", type: "uint256" },
  { name: "minPrice", type: "uint64" },
  { name: "maxPrice", type: "uint64" },
] as const;
const WINDOW = [
  { name: "opensAt", type: "uint64" },
  { name: "closesAt", type: "uint64" },
] as const;
const PAYLOAD = { name: "payload", type: "bytes" } as const;

/** The permits in the order of the contracts' fields (sonar.md 4.3). */
const V2_TUPLE = [{ type: "tuple", components: [...BOUNDS, PAYLOAD] }] as const;
const V3_TUPLE = [{ type: "tuple", components: [...BOUNDS, ...WINDOW, PAYLOAD] }] as const;

function boundsStruct(permit: PermitV3 | PermitV2) {
  return {
    saleSpecificEntityID: permit.SaleSpecificEntityID,
    saleUUID: permit.SaleUUID,
    wallet: permit.Wallet,
    expiresAt: BigInt(permit.ExpiresAt),
    minAmount: BigInt(permit.MinAmount),
    maxAmount: BigInt(permit.MaxAmount),
    minPrice: BigInt(permit.MinPrice),
    maxPrice: BigInt(permit.MaxPrice),
    payload: permit.Payload,
  };
}

/** A permit as the argument of the sale's calls. */
export function permitStruct(permit: PermitV3) {
  return { ...boundsStruct(permit), opensAt: BigInt(permit.OpensAt), closesAt: BigInt(permit.ClosesAt) };
}

/** `abi.encode(permit)`: one dynamic tuple (sonar.md 4.4). */
export function encodePermit(permit: PermitV3 | PermitV2): Hex {
  return "OpensAt" in permit
    ? encodeAbiParameters(V3_TUPLE, [permitStruct(permit)])
    : encodeAbiParameters(V2_TUPLE, [boundsStruct(permit)]);
}

/** Signs a permit as the contract verifies it: EIP-191 over the encoded bytes, not EIP-712. */
export function signPermit(permit: PermitV3 | PermitV2, signer: PermitSigner = permitSigner()): Promise<Hex> {
  return signer.signMessage({ message: { raw: encodePermit(permit) } });
}

/** An account whose signature the sale accepts under a permit. */
export type PermitSigner = Pick<LocalAccount, "address" | "signMessage">;

let signer: HDAccount | undefined;

/** The account that signs permits. It is derived at the first call, because 2048 rounds of hashing would slow down an import. */
export function permitSigner(): HDAccount {
  signer ??= mnemonicToAccount(DEVELOPMENT_MNEMONIC, { addressIndex: SIGNER_INDEX });
  return signer;
}
