import type { Failure } from "@/lib/result";
import type { SalePhase } from "@/lib/sale/phase";
import type { Position } from "@/lib/sale/position";
import type { PurchaseReadiness } from "@/lib/sale/purchase-readiness";
import type { SaleChain } from "@/lib/sale/sale-chain";
import type { WalletState } from "@/lib/sale/wallet-state";

/** Something that is read, as the page knows it. */
export type ReadView<T> =
  { status: "loading" } | { status: "failed"; failure: Failure } | { status: "ready"; value: T };

/** What the sale's contract says, in the terms of one entity. */
export interface SaleView {
  phase: SalePhase;
  /** Buyers claim their refund themselves; else it is sent to them. */
  claimRefundEnabled: boolean;
}

/** Everything about the purchase that decides what the user does next. */
export interface PurchaseView {
  chain: Pick<SaleChain, "chainId" | "chainName">;
  sale: ReadView<SaleView>;
  wallet: WalletState;
  /** Of the chosen entity. */
  position: ReadView<Position>;
  /** Sonar's pre-purchase check of the chosen entity with the connected wallet; "loading" until it can be asked for. */
  check: ReadView<PurchaseReadiness>;
  /** A transaction is on its way. */
  pending: boolean;
  /** The chosen entity can take part; one that only holds what it committed earlier cannot commit. */
  canCommit: boolean;
}

/** The purchase before anything has been read; what is known of the wallet is known without the chain. */
export function unreadPurchase(chain: PurchaseView["chain"], wallet: WalletState): PurchaseView {
  const loading = { status: "loading" } as const;
  return { chain, sale: loading, wallet, position: loading, check: loading, pending: false, canCommit: true };
}

/** A wallet is here, or was when the page was last open: what comes after the entity matters more than the entity. */
export function isUnderWay({ status }: WalletState): boolean {
  return status === "connected" || status === "reconnecting";
}
