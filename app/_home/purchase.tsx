"use client";

import type { Address } from "viem";
import { useState } from "react";
import { CommitSection, useDecimalMark } from "@/app/_home/commit";
import { PositionCard } from "@/components/purchase/position";
import { RefundActions } from "@/components/purchase/refund-actions";
import {
  PendingNotice,
  PurchaseErrorNotice,
  SendStepList,
  PurchaseSuccess,
} from "@/components/purchase/transaction-status";
import type { UseFormPermitResult, PurchaseCheck } from "@/hooks/use-purchase";
import { usePurchaseTransactions, type PurchaseTransactions } from "@/hooks/use-purchase-transactions";
import { useWalletFunds } from "@/hooks/use-wallet";
import { EMPTY_DRAFT, draftAfterCommit, type CommitDraft } from "@/lib/purchase/draft";
import { isPaidBack, positionAction, totalTokens, type Position } from "@/lib/purchase/position";
import { parsePriceTick, type PriceTick } from "@/lib/purchase/price";
import type { ConfirmedPurchase } from "@/lib/purchase/progress";
import { symbolsAt, symbolsOf, tokenAt, type TokenUnit } from "@/lib/sale/money";
import { isCommitmentStage, type SalePhase } from "@/lib/sale/phase";
import type { SaleChain, SaleState } from "@/lib/sale/state";
import { entityName, type SonarEntity } from "@/lib/sonar/entity";
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
  /** All entities that the user can choose. */
  entities: readonly SonarEntity[];
  /** A transaction is confirmed, and the position that includes it is being read. */
  updating: boolean;
  /** Opens the choice of wallets. */
  onOtherWallet: () => void;
  /** The page is out of date: the position and the sale must be read again. */
  onReload: () => void;
}

/** The position may be older than the outcome, so the token that was paid with always counts. */
function totalSymbol({ token, increment = 0n }: ConfirmedPurchase, { rows }: Position, { tokens }: SaleState) {
  return symbolsAt(totalTokens(rows, token && { token, amount: increment }), tokens);
}

/** The token that a transaction names. A reduction may be of several tokens, which have equal decimals. */
function tokenOf(
  { kind, token }: Pick<ConfirmedPurchase, "kind" | "token">,
  { tokens }: SaleState,
): TokenUnit | undefined {
  const [first] = tokens;
  if (token || kind !== "reduce" || !first) return tokenAt(tokens, token);
  return { decimals: first.decimals, symbol: symbolsOf(tokens) ?? first.symbol };
}

interface TransactionStatusProps extends Pick<
  PurchaseSectionProps,
  "chain" | "saleState" | "position" | "returnTo" | "onReload"
> {
  transactions: PurchaseTransactions;
}

/** The state of the transaction that the last press of a button, or an earlier page load, began. */
function TransactionStatus({ transactions, chain, saleState, position, returnTo, onReload }: TransactionStatusProps) {
  const { kind, steps, note, running, pending, outcome, error, slow } = transactions;
  const { explorerUrl } = chain;
  const shown = outcome ?? pending;
  const token = shown && tokenOf(shown, saleState);
  const dismiss = () => {
    if (error?.action === "reload") onReload();
    transactions.reset();
  };
  return (
    <>
      {kind && (running || error) && <SendStepList kind={kind} steps={steps} note={note} explorerUrl={explorerUrl} />}
      {pending && (!running || slow || pending.before) && (
        <PendingNotice
          pending={pending}
          slow={slow}
          onForget={transactions.forget}
          token={token}
          explorerUrl={explorerUrl}
        />
      )}
      {error && <PurchaseErrorNotice error={error} onDismiss={dismiss} returnTo={returnTo} />}
      {outcome && (
        <PurchaseSuccess
          outcome={outcome}
          onDismiss={transactions.reset}
          totalSymbol={totalSymbol(outcome, position, saleState)}
          keepsAccepted={position.total.accepted > 0n}
          token={token}
          explorerUrl={explorerUrl}
        />
      )}
    </>
  );
}

interface PositionSectionProps extends Pick<PurchaseSectionProps, "entity" | "saleState" | "phase" | "position"> {
  transactions: PurchaseTransactions;
  address?: Address;
  tick?: PriceTick;
}

/** The entity's commitment, and the cancellation or refund that is open to it now. */
function PositionSection({ transactions, entity, saleState, phase, position, address, tick }: PositionSectionProps) {
  const { tokens, claimRefundEnabled, reduceCommitmentEnabled } = saleState;
  const rules = { claimRefundEnabled, reduceCommitmentEnabled };
  const action = positionAction({ phase: phase.kind, position, ...rules, wallet: address });
  const decimalMark = useDecimalMark();
  const refund = (
    <RefundActions
      action={action}
      position={position}
      tokens={tokens}
      entityName={entityName(entity)}
      decimalMark={decimalMark}
      busy={transactions.busy}
      onReduce={(reduction) => void transactions.reduce(reduction)}
      onCancel={() => void transactions.cancel()}
      onClaim={() => void transactions.claimRefund()}
    />
  );
  return <PositionCard position={position} tokens={tokens} action={refund} tick={tick} />;
}

/** Position, commitment form and refunds of one entity. */
export function PurchaseSection(props: PurchaseSectionProps) {
  const { chain, entity, saleState, phase, position, onConfirmed } = props;
  const [draft, setDraft] = useState<CommitDraft>(EMPTY_DRAFT);
  const address = usableWallet(props.wallet, chain);
  const tokens = saleState.tokens.map((token) => token.address);
  const { funds, refetch: refetchFunds } = useWalletFunds({ chain, tokens, wallet: address });
  const transactions = usePurchaseTransactions({
    chain,
    entityId: entity.SaleSpecificEntityID,
    wallet: address,
    onConfirmed: (outcome) => {
      setDraft((typed) => draftAfterCommit(outcome, typed, saleState.tokens));
      refetchFunds();
      onConfirmed(outcome);
    },
  });
  const tick = chain.priceTick === undefined ? undefined : parsePriceTick(chain.priceTick);
  return (
    <div className="grid gap-5">
      <PositionSection {...props} transactions={transactions} address={address} tick={tick} />
      {isCommitmentStage(phase) && !isPaidBack(position) && address !== undefined && (
        <CommitSection
          {...props}
          address={address}
          draft={draft}
          onDraft={setDraft}
          busy={transactions.busy}
          funds={funds}
          tick={tick}
          onCommit={(order) => void transactions.commit(order)}
        />
      )}
      {/* It stands below the button that starts it: above, it would move that button from under the finger. */}
      <TransactionStatus {...props} transactions={transactions} />
    </div>
  );
}
