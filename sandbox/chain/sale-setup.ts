import { zeroAddress } from "viem";
import type { Address, ContractConstructorArgs, Hex } from "viem";
import type { sandboxSaleAbi } from "./artifacts/sandbox-sale-abi";

type Init = ContractConstructorArgs<typeof sandboxSaleAbi>[0];

/** What differs from one test sale to the next. */
export interface SaleSetup {
  /** Without dashes. A permit is bound to nothing but this and its signer, so no two sales may share both. */
  saleUUID: Hex;
  /** Gets every operator role. */
  operator: Address;
  permitSigner: Address;
  paymentTokens: readonly Address[];
}

/** A sale as Echo deploys it (sonar.md 4.1): in the commitment stage at once, refunds and reductions off, 30 wallets. */
export function saleSetup({ saleUUID, operator, permitSigner, paymentTokens }: SaleSetup): Init {
  return {
    saleUUID,
    admin: operator,
    extraManagers: [],
    extraPausers: [],
    extraSettler: zeroAddress,
    extraRefunder: zeroAddress,
    purchasePermitSigner: permitSigner,
    proceedsReceiver: operator,
    claimRefundEnabled: false,
    reduceCommitmentEnabled: false,
    skipPreOpen: true,
    maxWalletsPerEntity: 30,
    paymentTokens,
    expectedPaymentTokenDecimals: 6n,
  };
}
