import type { Address } from "viem";
import type { Failure, Read } from "@/lib/result";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseReadiness } from "@/lib/purchase/readiness";
import type { SaleChain } from "@/lib/sale/state";
import type { WalletState } from "@/lib/wallet/wallet";

/** The sale contract's state from one entity's point of view. */
export interface EntitySale {
  phase: SalePhase;
  /** True if buyers claim their refund themselves; otherwise it is sent to them. */
  claimRefundEnabled: boolean;
  /** True if buyers may take back a part of their commitment while they can cancel it. */
  reduceCommitmentEnabled: boolean;
}

/** All facts about the purchase that decide the user's next step. */
export interface PurchaseState {
  chain: Pick<SaleChain, "chainId" | "chainName">;
  sale: Read<EntitySale>;
  wallet: WalletState;
  /** The chosen entity's position. */
  position: Read<Position>;
  /** Sonar's pre-purchase check of the chosen entity and the connected wallet; "loading" while one of them is missing. */
  check: Read<PurchaseReadiness>;
  /** True while a transaction is being sent, or is not confirmed yet. */
  pending: boolean;
  /** A transaction is confirmed, and the position that includes it is being read. */
  updating?: boolean;
  /** Sonar does not list the entity at the moment: `position` is the last one known, and nothing must follow from it. */
  unlisted?: boolean;
  /** `position` is of another stage of the sale, or can no longer be read: nothing must follow from it either. */
  old?: boolean;
  /** False for an entity that committed earlier and is no longer eligible: it can cancel and get refunds, but not commit. */
  canCommit: boolean;
  /** The server refuses the permit that the form needs. */
  refusal?: Failure;
}

/** The purchase before the chain has answered. The wallet's state is known without it. */
export function loadingPurchase(chain: PurchaseState["chain"], wallet: WalletState): PurchaseState {
  const loading = { status: "loading" } as const;
  return { chain, sale: loading, wallet, position: loading, check: loading, pending: false, canCommit: true };
}

/** The wallet that is connected, or was when the page was last open: with one, the steps after the entity matter most. */
export function walletInUse(wallet: WalletState): Address | undefined {
  return wallet.status === "connected" || wallet.status === "reconnecting" ? wallet.address : undefined;
}
