"use client";

import type { Address } from "viem";
import { useState } from "react";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { CommitPart } from "@/app/commit-part";
import { PendingNotice } from "@/components/purchase/pending-notice";
import { PositionCard } from "@/components/purchase/position-card";
import { PurchaseFailure } from "@/components/purchase/purchase-failure";
import { PurchaseStepList } from "@/components/purchase/purchase-step-list";
import { PurchaseSuccess } from "@/components/purchase/purchase-success";
import { WayBack } from "@/components/purchase/way-back";
import { callAction } from "@/hooks/call-action";
import type { UseFormPermitResult } from "@/hooks/use-form-permit";
import type { PurchaseCheck } from "@/hooks/use-purchase-check";
import { useSaleContract, type SaleContract } from "@/hooks/use-sale-contract";
import { useWalletFunds } from "@/hooks/use-wallet-funds";
import { FailureError } from "@/lib/failure-error";
import { EMPTY_DRAFT, type CommitDraft } from "@/lib/sale/commit-draft";
import { draftAfter } from "@/lib/sale/draft-after";
import { isCommitmentStage, type SalePhase } from "@/lib/sale/phase";
import { isPaidBack, type Position } from "@/lib/sale/position";
import { positionAction } from "@/lib/sale/position-actions";
import { parsePriceTick, type PriceTick } from "@/lib/sale/price";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import type { SaleChain } from "@/lib/sale/sale-chain";
import type { PaymentToken, SaleState } from "@/lib/sale/sale-state";
import { symbolsAt, totalTokens } from "@/lib/sale/token-symbols";
import { usableWallet, type WalletState } from "@/lib/sale/wallet-state";
import type { SonarEntity } from "@/lib/sonar/entity";
import { entityName } from "@/lib/sonar/entity-words";

/** Everything between a connected wallet and a commitment on the chain, for one entity. Give it the entity's id as its `key`. */
export interface PurchaseSectionProps {
  chain: SaleChain;
  saleUUID: string;
  entity: SonarEntity;
  wallet: WalletState;
  saleState: SaleState;
  phase: SalePhase;
  position: Position;
  /** Of this entity and this wallet; see `usePurchaseCheck`. */
  check: PurchaseCheck;
  /** Likewise; see `useFormPermit`. */
  permit: UseFormPermitResult;
  setupUrl: string;
  supportUrl?: string;
  /** Path of the page, for signing in or connecting again. */
  returnTo: string;
  /** Something is on the chain: positions at `outcome.block`, the sale and its commitments have to be read again. */
  onConfirmed: (outcome: PurchaseOutcome) => void;
  /** What is shown is no longer so: the position and the sale have to be read again. */
  onReload: () => void;
}

function tokenAt(tokens: readonly PaymentToken[], address: string | undefined): PaymentToken | undefined {
  return tokens.find((token) => token.address.toLowerCase() === address?.toLowerCase());
}

/** The position may be from before the outcome, so the token that was paid with counts in any case. */
function totalSymbol({ token, increment = 0n }: PurchaseOutcome, { rows }: Position, { tokens }: SaleState) {
  return symbolsAt(totalTokens(rows, token && { token, amount: increment }), tokens);
}

interface ActivityProps extends Pick<
  PurchaseSectionProps,
  "chain" | "saleState" | "position" | "returnTo" | "onReload"
> {
  contract: SaleContract;
}

/** What the last press of a button, or an earlier page load, has set going. */
function Activity({ contract, chain, saleState, position, returnTo, onReload }: ActivityProps) {
  const { kind, steps, running, pending, outcome, error, slow } = contract;
  const { explorerUrl } = chain;
  const token = tokenAt(saleState.tokens, outcome?.token ?? pending?.token);
  const dismiss = () => {
    if (error?.action === "reload") onReload();
    contract.reset();
  };
  return (
    <>
      {kind && (running || error) && <PurchaseStepList kind={kind} steps={steps} explorerUrl={explorerUrl} />}
      {pending && (!running || slow) && (
        <PendingNotice
          pending={pending}
          slow={slow}
          onForget={contract.forget}
          token={token}
          explorerUrl={explorerUrl}
        />
      )}
      {error && <PurchaseFailure error={error} onDismiss={dismiss} returnTo={returnTo} />}
      {outcome && (
        <PurchaseSuccess
          outcome={outcome}
          onDismiss={contract.reset}
          totalSymbol={totalSymbol(outcome, position, saleState)}
          token={token}
          explorerUrl={explorerUrl}
        />
      )}
    </>
  );
}

interface PositionPartProps extends Pick<PurchaseSectionProps, "entity" | "saleState" | "phase" | "position"> {
  contract: SaleContract;
  address?: Address;
  tick?: PriceTick;
}

/** What the entity has committed, and the way back that is open for it. */
function PositionPart({ contract, entity, saleState, phase, position, address, tick }: PositionPartProps) {
  const { tokens, claimRefundEnabled } = saleState;
  const action = positionAction({ phase: phase.kind, position, claimRefundEnabled, wallet: address });
  const wayBack = (
    <WayBack
      action={action}
      position={position}
      tokens={tokens}
      entityName={entityName(entity)}
      busy={contract.busy}
      onCancel={() => void contract.cancel()}
      onClaim={() => void contract.claimRefund()}
    />
  );
  return <PositionCard position={position} tokens={tokens} action={wayBack} tick={tick} />;
}

/** A permit to be sent. Where Sonar has something against it now, the form gives way to what can be done about that. */
async function getPermit({ entity, check }: PurchaseSectionProps, walletAddress: Address) {
  try {
    return await callAction(() => generatePurchasePermit({ entityID: entity.EntityID, walletAddress }));
  } catch (error) {
    if (error instanceof FailureError && error.code === "sale/purchase_not_cleared") check.checkAgain();
    throw error;
  }
}

/** Position, commitment and the ways back of one entity. */
export function PurchaseSection(props: PurchaseSectionProps) {
  const { chain, saleUUID, entity, saleState, phase, position, onConfirmed } = props;
  const [draft, setDraft] = useState<CommitDraft>(EMPTY_DRAFT);
  const address = usableWallet(props.wallet, chain);
  const tokens = saleState.tokens.map((token) => token.address);
  const { funds, refetch: refetchFunds } = useWalletFunds({ chain, tokens, wallet: address });
  const contract = useSaleContract({
    chain,
    entityId: entity.SaleSpecificEntityID,
    wallet: address,
    onConfirmed: (outcome) => {
      setDraft((typed) => draftAfter(outcome, typed, saleState.tokens));
      refetchFunds();
      onConfirmed(outcome);
    },
  });
  const tick = chain.priceTick === undefined ? undefined : parsePriceTick(chain.priceTick);
  return (
    <div className="grid gap-5">
      <PositionPart {...props} contract={contract} address={address} tick={tick} />
      {isCommitmentStage(phase) && !isPaidBack(position) && address !== undefined && (
        <CommitPart
          {...props}
          draft={draft}
          onDraft={setDraft}
          busy={contract.busy}
          funds={funds}
          tick={tick}
          onCommit={(order) =>
            void contract.commit({
              ...order,
              saleUUID,
              getPermit: () => getPermit(props, address),
            })
          }
        />
      )}
      {/* Below the button that sets it going: above, it would push that away from under the finger. */}
      <Activity {...props} contract={contract} />
    </div>
  );
}
