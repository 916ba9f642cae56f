import type { Read } from "@/lib/result";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/purchase/position";
import type { PurchaseReadiness } from "@/lib/purchase/readiness";
import type { SaleChain } from "@/lib/sale/state";
import type { WalletState } from "@/lib/wallet/wallet";

/** What the sale's contract says, in the terms of one entity. */
export interface EntitySale {
  phase: SalePhase;
  /** Buyers claim their refund themselves; else it is sent to them. */
  claimRefundEnabled: boolean;
}

/** Everything about the purchase that decides what the user does next. */
export interface PurchaseState {
  chain: Pick<SaleChain, "chainId" | "chainName">;
  sale: Read<EntitySale>;
  wallet: WalletState;
  /** Of the chosen entity. */
  position: Read<Position>;
  /** Sonar's pre-purchase check of the chosen entity with the connected wallet; "loading" until it can be asked for. */
  check: Read<PurchaseReadiness>;
  /** A transaction is on its way. */
  pending: boolean;
  /** The chosen entity can take part; one that only holds what it committed earlier cannot commit. */
  canCommit: boolean;
}

/** The purchase before anything has been read; what is known of the wallet is known without the chain. */
export function loadingPurchase(chain: PurchaseState["chain"], wallet: WalletState): PurchaseState {
  const loading = { status: "loading" } as const;
  return { chain, sale: loading, wallet, position: loading, check: loading, pending: false, canCommit: true };
}

/** A wallet is here, or was when the page was last open: what comes after the entity matters more than the entity. */
export function isWalletInUse({ status }: WalletState): boolean {
  return status === "connected" || status === "reconnecting";
}
