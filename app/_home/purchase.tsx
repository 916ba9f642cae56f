"use client";

import type { Address } from "viem";
import { useRef, useState } from "react";
import { CommitSection } from "@/app/_home/commit";
import { SendingPlace } from "@/app/_home/sending";
import { CommitFormSkeleton } from "@/components/purchase/commit-form";
import { PositionCard, PositionPlace, type BehindPosition } from "@/components/purchase/position";
import { RefundActions } from "@/components/purchase/refund-actions";
import { useDecimalMark } from "@/hooks/use-decimal-mark";
import { usePricing } from "@/hooks/use-pricing";
import type { UseFormPermitResult, PurchaseCheck } from "@/hooks/use-purchase";
import { usePurchaseTransactions, type PurchaseTransactions } from "@/hooks/use-purchase-transactions";
import { useReceipt } from "@/hooks/use-receipt";
import { serverNow } from "@/hooks/use-server-time";
import { useSessionStatus } from "@/hooks/use-session";
import { useWalletFunds } from "@/hooks/use-wallet";
import { site } from "@/lib/config/site";
import { expectationOf, type Offer } from "@/lib/purchase/allocation";
import { offeredToken } from "@/lib/purchase/estimate";
import { EMPTY_DRAFT, draftAfterCommit, type CommitDraft } from "@/lib/purchase/draft";
import { isPaidBack, positionAction, type Position, type PositionAction } from "@/lib/purchase/position";
import { parsePriceTick } from "@/lib/purchase/price";
import type { ConfirmedPurchase } from "@/lib/purchase/progress";
import { isOutdated, outcomeOfReceipt, receiptOf, type Expectation } from "@/lib/purchase/receipt";
import { PAGE_BUSY } from "@/lib/purchase/errors/purchase-error";
import { refundableRows } from "@/lib/purchase/reduction";
import { tokenAt } from "@/lib/sale/money";
import { boundsOfBid } from "@/lib/sale/pricing";
import { isCommitmentStage, type SalePhase } from "@/lib/sale/phase";
import type { SaleChain, SaleState } from "@/lib/sale/state";
import { entityName, type SonarEntity } from "@/lib/sonar/entity";
import { canTakePart } from "@/lib/sonar/entity-choice";
import { usableWallet, type WalletState } from "@/lib/wallet/wallet";

/** Everything from a connected wallet to a commitment on the chain, for one entity. Give it the entity's id as its `key`. */
export interface PurchaseSectionProps {
  chain: SaleChain;
  saleUUID: string;
  entity: SonarEntity;
  /** The account has several entities to take part with: the button says for which one it commits. */
  namesEntity: boolean;
  wallet: WalletState;
  saleState: SaleState;
  phase: SalePhase;
  position: Position;
  /** Sonar's check of this entity and this wallet. */
  check: PurchaseCheck;
  /** The permit for this entity and this wallet; see `useFormPermit`. */
  permit: UseFormPermitResult;
  setupUrl: string;
  supportUrl?: string;
  /** Path of the page to return to after signing in or connecting again. */
  returnTo: string;
  /** A transaction is confirmed: the positions at `outcome.block`, the sale and its commitments must be read again. */
  onConfirmed: (outcome: ConfirmedPurchase) => void;
  /** A request has failed with a transaction in this block: the sale must be read again, and the positions at it or later. */
  onFailed: (block: bigint) => void;
  /** All entities that the user can choose. */
  entities: readonly SonarEntity[];
  /** A transaction is confirmed, and the position that includes it is being read. */
  updating: boolean;
  behind?: BehindPosition;
  /** The newest block that the page has seen. */
  seenBlock: bigint;
  /** Opens the choice of wallets. */
  onOtherWallet: () => void;
  /** The page is out of date: the position, the sale and the permit's terms must be read again. */
  onReload: () => void;
}

interface ReturnsProps extends Pick<PurchaseSectionProps, "entity" | "saleState" | "position"> {
  action: PositionAction;
  transactions: PurchaseTransactions;
}

/** The cancellation, reduction or refund that is open to the entity now. */
function Returns({ action, transactions, entity, saleState, position }: ReturnsProps) {
  const decimalMark = useDecimalMark();
  const returns = refundableRows(position);
  return (
    <RefundActions
      action={action}
      position={position}
      tokens={saleState.tokens}
      entityName={entityName(entity)}
      decimalMark={decimalMark}
      busy={transactions.busy}
      stop={transactions.elsewhere ? PAGE_BUSY.sentence : undefined}
      onReduce={(reduction) => void transactions.reduce(reduction)}
      onCancel={() => void transactions.cancel(returns)}
      onClaim={() => void transactions.claimRefund(returns)}
    />
  );
}

/** The token on sale and its price, as far as this page knows it. */
function useOffer({ chain: { priceTick }, permit, position }: PurchaseSectionProps): Offer {
  const { pricing } = usePricing({ permit: permit.permit?.permit ?? boundsOfBid(position.bid), priceTick });
  return {
    token: offeredToken(site),
    pricing,
    tick: priceTick === undefined ? undefined : parsePriceTick(priceTick),
  };
}

function expectationFor({ kind, token, increment, bidPrice }: ConfirmedPurchase, { tokens }: SaleState, offer: Offer) {
  const paid = tokenAt(tokens, token);
  if (kind !== "commit" || !paid || increment === undefined) return {};
  return expectationOf({ amount: increment, decimals: paid.decimals, symbol: paid.symbol, bidPrice }, offer);
}

/** The transactions of one entity, with the receipt of the last one. */
function useReceiptedTransactions(
  { chain, entity, position, seenBlock, onConfirmed, onFailed }: PurchaseSectionProps,
  wallet: Address | undefined,
  {
    expect,
    onOwn,
  }: { expect: (outcome: ConfirmedPurchase) => Expectation; onOwn: (outcome: ConfirmedPurchase) => void },
) {
  const { viewKey } = useSessionStatus();
  const entityId = entity.SaleSpecificEntityID;
  const scope = { viewKey, chainId: chain.chainId, contract: chain.contract, entityId };
  const receipt = useReceipt(scope, { seenBlock, onFound: (found) => onConfirmed(outcomeOfReceipt(found)) });
  const transactions = usePurchaseTransactions({
    chain,
    entityId,
    wallet,
    position,
    seenBlock,
    onConfirmed: (outcome) => {
      const confirmed = receiptOf(scope, outcome, { at: serverNow(), ...expect(outcome) });
      if (confirmed) receipt.keep(confirmed);
      onOwn(outcome);
      onConfirmed(outcome);
    },
    onFailed,
  });
  return { receipt, transactions };
}

/** Position, commitment form and refunds of one entity. */
export function PurchaseSection(props: PurchaseSectionProps) {
  const { chain, saleState, phase, position, wallet, behind } = props;
  const [draft, setDraft] = useState<CommitDraft>(EMPTY_DRAFT);
  const address = usableWallet(wallet, chain);
  const { tokens, claimRefundEnabled, reduceCommitmentEnabled } = saleState;
  const { funds, refetch: refetchFunds } = useWalletFunds({
    chain,
    tokens: tokens.map((token) => token.address),
    wallet: address,
  });
  const offer = useOffer(props);
  const { receipt, transactions } = useReceiptedTransactions(props, address, {
    expect: (outcome) => expectationFor(outcome, saleState, offer),
    onOwn(outcome) {
      setDraft((typed) => draftAfterCommit(outcome, typed, tokens));
      refetchFunds();
    },
  });
  const rules = { claimRefundEnabled, reduceCommitmentEnabled };
  const action = positionAction({ phase: phase.kind, position, ...rules, wallet: address });
  const takesCommitments = isCommitmentStage(phase) && canTakePart(props.entity) && !isPaidBack(position);
  const canAdd = takesCommitments && address !== undefined;
  const card = useRef<HTMLElement>(null);
  const form = canAdd ? (
    <CommitSection
      {...props}
      address={address}
      draft={draft}
      onDraft={setDraft}
      busy={transactions.busy}
      elsewhere={transactions.elsewhere}
      funds={funds}
      tick={offer.tick}
      onCommit={(order) => void transactions.commit(order)}
    />
  ) : (
    takesCommitments && wallet.status === "reconnecting" && <CommitFormSkeleton />
  );
  const returns = action.kind !== "none" && <Returns {...props} action={action} transactions={transactions} />;
  // An approval may stand although what came after it has failed.
  const reset = () => (refetchFunds(), transactions.reset());
  const awaitsPosition = transactions.busy || (receipt.receipt && !isOutdated(receipt.receipt, position));
  return (
    <div className="grid gap-5">
      <SendingPlace {...props} transactions={{ ...transactions, reset }} receipt={receipt} canAdd={canAdd} after={card}>
        {/* A form or a way back that is relative to the state of before would say what is no longer true. */}
        {behind === undefined && (form || returns)}
      </SendingPlace>
      {/* Its room is there from the press: what comes after would move when a first position appears. */}
      {position.state === "none" && (awaitsPosition || behind) ? (
        <PositionPlace ref={card} behind={behind} />
      ) : (
        <PositionCard ref={card} position={position} tokens={tokens} offer={offer} behind={behind} />
      )}
    </div>
  );
}
