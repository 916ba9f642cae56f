import { encodeFunctionData, maxUint256, type Address, type Hex } from "viem";
import { sandboxSaleAbi } from "@/sandbox/chain/artifacts/sandbox-sale-abi";
import { encodePayload, type PermitV3 } from "@/sandbox/echo/permits/permit";
import { signPermit } from "@/sandbox/echo/permits/sign-permit";
import type { Call } from "@/tests/conformance/support/refusal";

/** A bid and the permit it comes with. What a rule leaves out is such that the sale accepts it. */
export interface BidOptions {
  by: Address;
  entity: Hex;
  token: Address;
  /** The entity's new total, in smallest units. */
  amount: bigint;
  price?: number;
  lockup?: boolean;
  /** Fields of the permit that matter to the rule. */
  permit?: Partial<PermitV3>;
  /** The permit's signature; absent: of the sale's signer over just this permit. */
  signature?: Hex;
}

/** An EIP-2612 permit as `replaceBidWithPermit` takes it. */
export interface TokenPermit {
  deadline: bigint;
  signature: Hex;
}

/** The sale that is bid in, and its time in Unix seconds. */
export interface SaleNow {
  sale: Address;
  saleUUID: Hex;
  now: number;
}

/** A permit that allows this bid and any other of the wallet. */
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

/** The bid's transaction: through an allowance, or with an EIP-2612 permit. */
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

function permitStruct(permit: PermitV3) {
  return {
    saleSpecificEntityID: permit.SaleSpecificEntityID,
    saleUUID: permit.SaleUUID,
    wallet: permit.Wallet,
    expiresAt: BigInt(permit.ExpiresAt),
    minAmount: BigInt(permit.MinAmount),
    maxAmount: BigInt(permit.MaxAmount),
    minPrice: BigInt(permit.MinPrice),
    maxPrice: BigInt(permit.MaxPrice),
    opensAt: BigInt(permit.OpensAt),
    closesAt: BigInt(permit.ClosesAt),
    payload: permit.Payload,
  };
}
