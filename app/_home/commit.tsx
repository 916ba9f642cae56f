"use client";

import type { Address } from "viem";
import { useSyncExternalStore } from "react";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { CommitForm, CommitFormSkeleton, type Commitment } from "@/components/purchase/commit-form";
import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import { PurchaseErrorNotice } from "@/components/purchase/transaction-status";
import { FailureNotice } from "@/components/ui/failure-notice";
import type { UseFormPermitResult, PurchaseCheck } from "@/hooks/use-purchase";
import { callAction } from "@/hooks/use-seeded-query";
import type { DecimalMark } from "@/lib/purchase/amount";
import type { CommitDraft, CommitTerms } from "@/lib/purchase/draft";
import { checkWindow, type ReadPermit } from "@/lib/purchase/permit";
import { isPaidBack, type Position } from "@/lib/purchase/position";
import type { PriceTick } from "@/lib/purchase/price";
import { outsideTimeWindow } from "@/lib/purchase/readiness";
import { FailureError, failureOf } from "@/lib/result";
import type { SaleState, PaymentToken, SaleChain } from "@/lib/sale/state";
import type { SonarEntity } from "@/lib/sonar/entity";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import type { WalletFunds } from "@/lib/wallet/transactions/read-chain";

interface WindowNoticeProps {
  saleState: SaleState;
  check: PurchaseCheck;
  permit: UseFormPermitResult;
  setupUrl: string;
}

/** Says when the entity's own window opens or ended. Only the permit tells that, not the check. */
function WindowNotice({ saleState, check, permit, setupUrl }: WindowNoticeProps) {
  return (
    <ReadinessNotice
      readiness={outsideTimeWindow(permit.permit?.permit, BigInt(saleState.blockTime))}
      // Both are read again, because the operator may have moved the window since the permit was issued.
      onCheckAgain={() => (check.checkAgain(), permit.refetch())}
      checking={check.checking || permit.refreshing}
      setupUrl={setupUrl}
    />
  );
}

let localeMark: DecimalMark | undefined;

function markOfLocale(): DecimalMark | undefined {
  const mark = new Intl.NumberFormat().formatToParts(1.5).find(({ type }) => type === "decimal")?.value;
  return mark === "." || mark === "," ? mark : undefined;
}

const never = () => () => undefined;

/** The decimal mark of the reader's locale. The server does not know it, so it is absent in the browser's first render. */
function useDecimalMark(): DecimalMark | undefined {
  return useSyncExternalStore(
    never,
    () => (localeMark ??= markOfLocale()),
    () => undefined,
  );
}

interface CommitSectionProps {
  chain: SaleChain;
  saleUUID: string;
  entity: SonarEntity;
  /** The connected wallet, on the sale's chain. */
  address: Address;
  saleState: SaleState;
  position: Position;
  check: PurchaseCheck;
  /** The permit for the entity and the connected wallet. */
  permit: UseFormPermitResult;
  setupUrl: string;
  supportUrl?: string;
  returnTo: string;
  draft: CommitDraft;
  onDraft: (draft: CommitDraft) => void;
  funds?: WalletFunds;
  tick?: PriceTick;
  busy: boolean;
  onCommit: (order: CommitOrder) => void;
}

function chosenToken({ saleState, draft }: CommitSectionProps): PaymentToken | undefined {
  return saleState.tokens.find(({ address }) => address === draft.token) ?? saleState.tokens[0];
}

function termsOf(props: CommitSectionProps, permit: ReadPermit, token: PaymentToken): CommitTerms {
  const { position, funds, chain, saleState, tick } = props;
  const held = funds?.tokens[token.address.toLowerCase()];
  return {
    permit,
    current: position.bid,
    refunded: isPaidBack(position),
    token,
    // Others can pay a contract wallet's gas, and such a wallet often holds no coin of its own.
    funds: { token: held, native: funds?.isContract ? undefined : funds?.native },
    nativeSymbol: chain.nativeCurrency.symbol,
    now: BigInt(saleState.blockTime),
    tick,
  };
}

/** Gets a fresh permit to send. If Sonar refuses it, the form is replaced by the reason and the way forward. */
async function getPermit({ entity, address, check }: CommitSectionProps) {
  try {
    return await callAction(() => generatePurchasePermit({ entityID: entity.EntityID, walletAddress: address }));
  } catch (error) {
    if (error instanceof FailureError && error.code === "sale/purchase_not_cleared") check.checkAgain();
    throw error;
  }
}

/** The whole order. Nothing is added to it or changed in it on its way to the wallet. */
function orderOf(props: CommitSectionProps, token: PaymentToken, { plan, price }: Commitment): CommitOrder {
  const { entity, saleUUID, draft, tick } = props;
  return {
    entityId: entity.SaleSpecificEntityID,
    saleUUID,
    token,
    increment: plan.increment,
    wantsLockup: draft.lockup,
    price,
    tick,
    expected: plan.bid,
    getPermit: () => getPermit(props),
  };
}

function ReadyForm(props: CommitSectionProps) {
  const { permit: read, draft, onDraft, busy, saleState, position, returnTo, onCommit } = props;
  const decimalMark = useDecimalMark();
  const token = chosenToken(props);
  const retry = { returnTo, onRetry: read.refetch, retrying: read.refreshing };
  if (read.problem) {
    const again = { label: "Check again", onDismiss: read.refetch, pending: read.refreshing };
    return <PurchaseErrorNotice error={read.problem} returnTo={returnTo} {...again} />;
  }
  if (read.error && !read.permit) return <FailureNotice failure={failureOf(read.error)} {...retry} />;
  if (!read.permit || !token) return <CommitFormSkeleton />;
  // Sonar's check is only advice; the contract follows the permit. A form from which nothing can be sent would leave the user stuck.
  if (!busy && !checkWindow(read.permit.permit, BigInt(saleState.blockTime)).ok) return <WindowNotice {...props} />;
  return (
    <CommitForm
      draft={draft}
      onDraft={onDraft}
      terms={{ ...termsOf(props, read.permit, token), decimalMark }}
      tokens={saleState.tokens}
      rows={position.rows}
      busy={busy}
      onCommit={(commitment) => onCommit(orderOf(props, token, commitment))}
    />
  );
}

/** The commitment form once Sonar has cleared entity and wallet; until then, the reason why it has not. */
export function CommitSection(props: CommitSectionProps) {
  const { check, setupUrl, supportUrl, returnTo } = props;
  const { read, checking, checkAgain } = check;
  if (read.status === "loading") return <CommitFormSkeleton />;
  if (read.status === "failed")
    return <FailureNotice failure={read.failure} returnTo={returnTo} onRetry={checkAgain} retrying={checking} />;
  if (read.value.ready) return <ReadyForm {...props} />;
  if (read.value.reason === "outside-time-window") return <WindowNotice {...props} />;
  return (
    <ReadinessNotice
      readiness={read.value}
      onCheckAgain={checkAgain}
      checking={checking}
      setupUrl={setupUrl}
      supportUrl={supportUrl}
    />
  );
}
