"use client";

import type { Address } from "viem";
import { useRef, useSyncExternalStore } from "react";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { CommitForm, CommitFormSkeleton, type Commitment } from "@/components/purchase/commit-form";
import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import { TermsForm } from "@/components/purchase/terms-form";
import { PurchaseErrorNotice } from "@/components/purchase/transaction-status";
import { FailureNotice } from "@/components/ui/failure-notice";
import { useFocusOnArrival } from "@/hooks/use-focus-on-arrival";
import { useTermsAcceptance, type UseFormPermitResult, type PurchaseCheck } from "@/hooks/use-purchase";
import { callAction } from "@/hooks/use-seeded-query";
import type { DecimalMark } from "@/lib/purchase/amount";
import type { CommitDraft, CommitTerms } from "@/lib/purchase/draft";
import { checkWindow, type ReadPermit } from "@/lib/purchase/permit";
import { isPaidBack, type Position } from "@/lib/purchase/position";
import type { PriceTick } from "@/lib/purchase/price";
import { outsideTimeWindow } from "@/lib/purchase/readiness";
import { FailureError, type Failure } from "@/lib/result";
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

/** Undefined also in a browser that cannot tell: an ambiguous amount is then asked about. */
function markOfLocale(): DecimalMark | undefined {
  try {
    const mark = new Intl.NumberFormat().formatToParts(1.5).find(({ type }) => type === "decimal")?.value;
    return mark === "." || mark === "," ? mark : undefined;
  } catch {
    return undefined;
  }
}

const never = () => () => undefined;

/** The decimal mark of the reader's locale. The server does not know it, so it is absent in the browser's first render. */
export function useDecimalMark(): DecimalMark | undefined {
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

/** Gets a fresh permit to send. If it is refused, the form is replaced by the reason and the way forward. */
async function getPermit({ entity, address, check, permit }: CommitSectionProps) {
  try {
    return await callAction(() => generatePurchasePermit({ entityID: entity.EntityID, walletAddress: address }));
  } catch (error) {
    if (error instanceof FailureError && error.code === "sale/purchase_not_cleared") check.checkAgain();
    if (error instanceof FailureError && error.recovery === "accept-terms") permit.refetch();
    throw error;
  }
}

/** The whole order. Nothing is added to it or changed in it on its way to the wallet. */
function orderOf(props: CommitSectionProps, token: PaymentToken, { plan, price }: Commitment): CommitOrder {
  const { entity, saleUUID, draft, tick, saleState } = props;
  return {
    entityId: entity.SaleSpecificEntityID,
    saleUUID,
    token,
    otherTokens: saleState.tokens.filter((other) => other !== token),
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
  if (read.refusal) return <FailureNotice failure={read.refusal} {...retry} />;
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

/** The form of the terms. Once they are accepted, the permit is asked for again, and the commitment form takes its place. */
function TermsSection({ refusal, permit, returnTo }: CommitSectionProps & { refusal: TermsRefusal }) {
  const { accept, ...state } = useTermsAcceptance(permit);
  return <TermsForm refusal={refusal} onAccept={accept} returnTo={returnTo} {...state} />;
}

/** The commitment form once Sonar has cleared entity and wallet; until then, the reason why it has not. */
function CommitContent(props: CommitSectionProps) {
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

/** A refusal that ends once its terms are accepted. */
type TermsRefusal = Failure & Required<Pick<Failure, "terms">>;

/** The terms that the permit waits for. A transaction in progress already has its permit, so its form stays. */
function termsRefusal({ permit: { refusal }, busy }: CommitSectionProps): TermsRefusal | undefined {
  return refusal?.terms && !busy ? { ...refusal, terms: refusal.terms } : undefined;
}

/** The commitment form, or what comes before it: the terms to accept, or the reason why this wallet and entity cannot commit. */
export function CommitSection(props: CommitSectionProps) {
  const area = useRef<HTMLDivElement>(null);
  const { read } = props.check;
  const refusal = termsRefusal(props);
  const isReady = read.status === "ready" && read.value.ready;
  // A form that is replaced takes the focus with it, and a keyboard or screen reader would start again at the top of the page.
  useFocusOnArrival(refusal ? "terms" : isReady ? "commitment" : undefined, { target: area });
  return (
    <div ref={area} tabIndex={-1} role="group" aria-label="Commitment" className="rounded-md outline-offset-8">
      {refusal ? <TermsSection {...props} refusal={refusal} /> : <CommitContent {...props} />}
    </div>
  );
}
