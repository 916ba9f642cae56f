import { encodeFunctionData, maxUint256, parseSignature, type Address, type Hex } from "viem";
import type { PrivateKeyAccount } from "viem/accounts";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { encodePayload, type PermitV3 } from "@/sandbox/echo/permits/permit";
import { permitStruct, signPermit } from "@/sandbox/echo/permits/sign-permit";
import type { Call } from "@/tests/conformance/support/revert";
import { sandboxUsdcAbi } from "@/sandbox/chain/artifacts/sandbox-usdc-abi";
import type { NodeClient } from "@/sandbox/chain/node-client";

/** A bid and its permit. The sale accepts the values that a rule leaves out. */
export interface BidOptions {
  by: Address;
  entity: Hex;
  token: Address;
  /** The entity's new total, in smallest units. */
  amount: bigint;
  price?: number;
  lockup?: boolean;
  /** Fields of the permit that differ for the rule. */
  permit?: Partial<PermitV3>;
  /** The permit's signature; absent: the sale's signer signs this permit. */
  signature?: Hex;
}

/** An EIP-2612 permit in the form for `replaceBidWithPermit`. */
export interface TokenPermit {
  deadline: bigint;
  signature: Hex;
}

/** The sale of the bid and its time in Unix seconds. */
export interface SaleNow {
  sale: Address;
  saleUUID: Hex;
  now: number;
}

/** A permit for this bid and for any other of the wallet. */
export function wantedPermit({ saleUUID, now }: SaleNow, { by, entity, permit }: BidOptions): PermitV3 {
  return {
    SaleSpecificEntityID: entity,
    SaleUUID: saleUUID,
    Wallet: by,
    ExpiresAt: now + 600,
    MinAmount: "1",
    MaxAmount: maxUint256.toString(),
    MinPrice: 0,
    MaxPrice: 1000,
    OpensAt: now - 3600,
    ClosesAt: now + 3600,
    Payload: encodePayload(false),
    ...permit,
  };
}

/** The bid's transaction: with an allowance or an EIP-2612 permit. */
export async function bidCall(at: SaleNow, options: BidOptions, tokenPermit?: TokenPermit): Promise<Call> {
  const { by, token, amount, price = 0, lockup = false } = options;
  const permit = wantedPermit(at, options);
  const signature = options.signature ?? (await signPermit(permit));
  const args = [token, { lockup, price: BigInt(price), amount }, permitStruct(permit), signature] as const;
  const data = tokenPermit
    ? encodeFunctionData({
        abi: sandboxSaleAbi,
        functionName: "replaceBidWithPermit",
        args: [...args, tokenPermit.deadline, tokenPermit.signature],
      })
    : encodeFunctionData({ abi: sandboxSaleAbi, functionName: "replaceBidWithApproval", args });
  return { from: by, to: at.sale, data };
}

const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** The content of an EIP-2612 permit. */
interface Allowed {
  owner: PrivateKeyAccount;
  token: Address;
  spender: Address;
  value: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/** True if the token has EIP-2612. */
export async function hasPermit(node: NodeClient, token: Address): Promise<boolean> {
  const separator = node.readContract({ address: token, abi: sandboxUsdcAbi, functionName: "DOMAIN_SEPARATOR" });
  return separator.then(
    () => true,
    () => false,
  );
}

/** Signs an EIP-2612 permit with the token's own domain and the owner's next nonce. */
export async function signTokenPermit(node: NodeClient, allowed: Allowed): Promise<TokenPermit> {
  const { owner, token, spender, value, deadline } = allowed;
  const contract = { address: token, abi: sandboxUsdcAbi } as const;
  const [name, version, nonce, chainId] = await Promise.all([
    node.readContract({ ...contract, functionName: "name" }),
    node.readContract({ ...contract, functionName: "version" }),
    node.readContract({ ...contract, functionName: "nonces", args: [owner.address] }),
    node.getChainId(),
  ]);
  const signature = await owner.signTypedData({
    domain: { name, version, chainId, verifyingContract: token },
    types: TYPES,
    primaryType: "Permit",
    message: { owner: owner.address, spender, value, nonce, deadline },
  });
  const { r, s, v } = parseSignature(signature);
  return { deadline, signature: `0x${r.slice(2)}${s.slice(2)}${v === 28n ? "1c" : "1b"}` };
}
