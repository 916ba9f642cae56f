"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useFormPermit, type UseFormPermitResult } from "@/hooks/use-form-permit";
import { usePendingTransaction } from "@/hooks/use-pending-transaction";
import { useTellPermitWindow } from "@/hooks/use-permit-window";
import { usePositions } from "@/hooks/use-positions";
import { usePurchaseCheck, type PurchaseCheck } from "@/hooks/use-purchase-check";
import { useSalePhase, type SalePhaseView } from "@/hooks/use-sale-phase";
import { useSaleState, type UseSaleStateResult } from "@/hooks/use-sale-state";
import { noteOutcome } from "@/hooks/use-unlisted-commitments";
import { useView } from "@/hooks/view";
import { useWallet, type UseWalletResult } from "@/hooks/wallet/use-wallet";
import { failureOf } from "@/lib/failure-error";
import type { PublicSettings } from "@/lib/public-settings";
import { isPaidBack } from "@/lib/sale/position";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import type { PurchaseView } from "@/lib/sale/purchase-view";
import type { SaleChain } from "@/lib/sale/sale-chain";
import type { SaleState } from "@/lib/sale/sale-state";
import { connectedAddress, usableWallet } from "@/lib/sale/wallet-state";
import { canTakePart } from "@/lib/sonar/choose-entity";
import type { SonarEntity } from "@/lib/sonar/entity";

interface PurchaseArgs {
  settings: PublicSettings;
  chain: SaleChain;
  /** Absent while there is none to choose. */
  entity?: SonarEntity;
}

/** All that the page knows of the purchase, and what keeps it up to date. */
export interface UsePurchaseResult {
  view: PurchaseView;
  wallet: UseWalletResult;
  check: PurchaseCheck;
  /** What the entity and the connected wallet may commit, and when. */
  permit: UseFormPermitResult;
  saleState?: SaleState;
  /** Reads sale and position again: what is shown is no longer so, or could not be read. */
  reload: () => void;
  reloading: boolean;
  /** A transaction is in a block: everything that it changes is read again, at that block or later. */
  onConfirmed: (outcome: PurchaseOutcome) => void;
}

function saleView(phase: SalePhaseView, { saleState }: UseSaleStateResult): PurchaseView["sale"] {
  if (phase.status !== "ready" || !saleState) return phase.status === "failed" ? phase : { status: "loading" };
  return { status: "ready", value: { phase: phase.phase, claimRefundEnabled: saleState.claimRefundEnabled } };
}

function positionView(
  { positions, error }: ReturnType<typeof usePositions>,
  entity: SonarEntity | undefined,
): PurchaseView["position"] {
  const value = entity && positions?.[entity.EntityID];
  if (value) return { status: "ready", value };
  return error ? { status: "failed", failure: failureOf(error) } : { status: "loading" };
}

function takesCommitments(state: SaleState | undefined): boolean {
  return state?.stage === "commitment" && !state.paused;
}

/** Brings together sale, position, wallet, Sonar's check and what is under way, for one entity. */
export function usePurchase({ settings, chain, entity }: PurchaseArgs): UsePurchaseResult {
  const client = useQueryClient();
  const wallet = useWallet();
  const sale = useSaleState();
  const positions = usePositions();
  const { chainId, contract } = chain;
  const { viewKey } = useView().session;
  const pending = usePendingTransaction({ chainId, contract, entityId: entity?.SaleSpecificEntityID ?? "0x" });
  const address = connectedAddress(wallet.state);
  const check = usePurchaseCheck({
    saleUUID: settings.saleUUID,
    entityID: entity?.EntityID ?? "",
    walletAddress: address ?? "",
    sandboxOrigin: settings.sandboxOrigin,
  });
  const position = positionView(positions, entity);
  const permit = useFormPermit({
    entityID: entity?.EntityID ?? "",
    walletAddress: usableWallet(wallet.state, chain) ?? "",
    check: check.view,
    wanted: takesCommitments(sale.saleState) && position.status === "ready" && !isPaidBack(position.value),
  });
  const phase = useSalePhase(sale, settings, permit.permit?.permit);
  useTellPermitWindow(permit.permit?.permit);

  function onConfirmed(outcome: PurchaseOutcome) {
    const rows = (entity && positions.positions?.[entity.EntityID]?.rows) ?? [];
    if (entity) noteOutcome({ chainId, contract, viewKey }, entity.SaleSpecificEntityID, outcome, rows);
    void positions.refetchAt(Number(outcome.block));
    sale.refetch();
    void client.invalidateQueries({ queryKey: ["commitments"] });
  }

  return {
    view: {
      chain,
      sale: saleView(phase, sale),
      wallet: wallet.state,
      position,
      check: check.view,
      pending: pending !== undefined,
      canCommit: entity === undefined || canTakePart(entity),
    },
    wallet,
    check,
    permit,
    saleState: sale.saleState,
    reload: () => (sale.refetch(), positions.refetch()),
    reloading: sale.refreshing || positions.refreshing,
    onConfirmed,
  };
}
