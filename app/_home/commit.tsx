"use client";

import type { Address } from "viem";
import { useRef, type RefObject } from "react";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { CommitForm, CommitFormSkeleton, type Commitment } from "@/components/purchase/commit-form";
import { OtherWalletNotice, ReadinessNotice } from "@/components/purchase/readiness-notice";
import { PurchaseErrorNotice } from "@/components/purchase/transaction-status";
import { FailureNotice } from "@/components/ui/failure-notice";
import { useDecimalMark } from "@/hooks/use-decimal-mark";
import { useFocusOnArrival } from "@/hooks/use-focus-on-arrival";
import type { UseFormPermitResult, PurchaseCheck } from "@/hooks/use-purchase";
import { callAction } from "@/hooks/use-seeded-query";
import { usePricing } from "@/hooks/use-pricing";
import { useTermsConsent, type UseTermsConsentResult } from "@/hooks/use-terms-consent";
import { site } from "@/lib/config/site";
import { PAGE_BUSY } from "@/lib/purchase/errors/purchase-error";
import { offeredToken } from "@/lib/purchase/estimate";
import type { CommitDraft, CommitTerms } from "@/lib/purchase/draft";
import { checkWindow, type ReadPermit } from "@/lib/purchase/permit";
import { isPaidBack, type Position } from "@/lib/purchase/position";
import type { PriceTick } from "@/lib/purchase/price";
import type { OrderFacts } from "@/lib/purchase/preview";
import { outsideTimeWindow } from "@/lib/purchase/readiness";
import { FailureError } from "@/lib/result";
import { pageContract, type SaleState, type PaymentToken, type SaleChain } from "@/lib/sale/state";
import { sameHex } from "@/lib/sale/hex";
import { entityName, type SonarEntity } from "@/lib/sonar/entity";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import type { WalletFunds } from "@/lib/wallet/transactions/wallet-funds";

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

interface CommitSectionProps {
  chain: SaleChain;
  saleUUID: string;
  entity: SonarEntity;
  /** All entities that the user can choose; with several, the button names the one that commits. */
  entities: readonly SonarEntity[];
  namesEntity: boolean;
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
  /** A transaction of another entity is in progress on this page. */
  elsewhere?: boolean;
  /** A transaction is confirmed, and the position that includes it is being read. */
  updating?: boolean;
  onCommit: (order: CommitOrder) => void;
  /** Opens the choice of wallets. */
  onOtherWallet: () => void;
}

function chosenToken({ saleState, draft }: CommitSectionProps): PaymentToken | undefined {
  return saleState.tokens.find(({ address }) => address === draft.token) ?? saleState.tokens[0];
}

function tokenFunds({ funds }: CommitSectionProps, { address }: PaymentToken) {
  return funds?.tokens[address.toLowerCase()];
}

function termsOf(props: CommitSectionProps, permit: ReadPermit, token: PaymentToken): CommitTerms {
  const { position, funds, chain, saleState, tick } = props;
  const held = tokenFunds(props, token);
  return {
    permit,
    current: position.bid,
    refunded: isPaidBack(position),
    token,
    // Others can pay a contract wallet's gas, and such a wallet often holds no coin of its own.
    funds: {
      token: held?.balance,
      native: funds?.isContract ? undefined : funds?.native,
      isBlocked: held?.isBlocked === true,
    },
    nativeSymbol: chain.nativeCurrency.symbol,
    now: BigInt(saleState.blockTime),
    tick,
  };
}

function factsOf(
  props: CommitSectionProps,
  token: PaymentToken,
  { price, demand }: Pick<OrderFacts, "price" | "demand">,
): OrderFacts {
  const { address, chain, entity, funds, position, saleState } = props;
  const held = tokenFunds(props, token);
  const isContract = funds?.isContract ?? false;
  const gasPrice = funds?.gasPrice;
  return {
    price,
    demand,
    offered: offeredToken(site),
    wallet: address,
    contract: chain.contract,
    entityName: entityName(entity),
    ...(held && { funding: { ...held, isContractWallet: isContract } }),
    ...(!isContract && { fees: { coin: chain.nativeCurrency, ...(gasPrice !== undefined && { gasPrice }) } }),
    tokens: saleState.tokens,
    rows: position.rows,
  };
}

/** Gets a fresh permit to send. If it is refused, the form is replaced by the reason and the way forward, or shows the terms to accept. */
async function getPermit({ entity, address, check, chain }: CommitSectionProps, consent: UseTermsConsentResult) {
  const input = { entityID: entity.EntityID, walletAddress: address, sale: pageContract(chain) };
  try {
    return await callAction(() => generatePurchasePermit(input));
  } catch (error) {
    if (error instanceof FailureError && error.code === "sale/purchase_not_cleared") check.checkAgain();
    if (error instanceof FailureError && error.recovery === "accept-terms") consent.onPermitRefused(error.failure);
    throw error;
  }
}

/** What the form knows when its button is pressed. */
interface Pressed extends Commitment {
  consent: UseTermsConsentResult;
  paymentDecimals: number | undefined;
}

/** The whole order. Nothing is added to it or changed in it on its way to the wallet. */
function orderOf(
  props: CommitSectionProps,
  token: PaymentToken,
  { plan, price, consent, paymentDecimals }: Pressed,
): CommitOrder {
  const { entity, saleUUID, draft, tick, saleState } = props;
  return {
    entityId: entity.SaleSpecificEntityID,
    saleUUID,
    token,
    ...(paymentDecimals !== undefined && { paymentDecimals }),
    otherTokens: saleState.tokens.filter((other) => other !== token),
    increment: plan.increment,
    wantsLockup: draft.lockup,
    price,
    tick,
    expected: plan.bid,
    getPermit: () => getPermit(props, consent),
  };
}

function busyReason(
  { busy, elsewhere, updating }: CommitSectionProps,
  { accepting }: UseTermsConsentResult,
): string | undefined {
  if (busy) return "A transaction is in progress.";
  if (elsewhere) return PAGE_BUSY.sentence;
  if (updating) return "Updating your commitment.";
  return accepting ? "Recording that you accept the terms." : undefined;
}

interface LiveFormProps {
  section: CommitSectionProps;
  read: ReadPermit;
  token: PaymentToken;
  area: RefObject<HTMLDivElement | null>;
}

/** The form itself. Its press accepts the terms, and then sends the order as it was shown. */
function LiveForm({ section, read, token, area }: LiveFormProps) {
  const { chain, draft, onDraft, entity, namesEntity, returnTo, onCommit } = section;
  const decimalMark = useDecimalMark();
  const consent = useTermsConsent(entity.EntityID);
  const amount = useRef<HTMLInputElement>(null);
  useFocusOnArrival("form", { target: amount, area });
  const { pricing, demand, estimatedAt, ...figures } = usePricing({
    permit: read.permit,
    priceTick: chain.priceTick,
  });
  // While Sonar's figures cannot be read, what it has stated before still counts.
  const paymentDecimals = figures.paymentDecimals ?? section.saleState.paymentDecimals;
  const { failure } = consent;
  const commit = (commitment: Commitment) =>
    consent.accept(() => onCommit(orderOf(section, token, { ...commitment, consent, paymentDecimals })));
  return (
    <div className="grid gap-4">
      <CommitForm
        draft={draft}
        onDraft={onDraft}
        terms={{ ...termsOf(section, read, token), decimalMark }}
        facts={factsOf(section, token, { price: pricing, demand })}
        estimatedAt={estimatedAt}
        namesEntity={namesEntity}
        busy={busyReason(section, consent)}
        consent={consent}
        amountField={amount}
        onCommit={commit}
      />
      {/* The form's own button tries again, so only a lost session or connection brings a second one. */}
      {failure && (
        <FailureNotice
          failure={{ ...failure, recovery: failure.recovery === "retry" ? "none" : failure.recovery }}
          returnTo={returnTo}
        />
      )}
    </div>
  );
}

interface AreaProps extends CommitSectionProps {
  area: RefObject<HTMLDivElement | null>;
}

function ReadyForm({ area, ...props }: AreaProps) {
  const { permit: read, busy, saleState, returnTo } = props;
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
  return <LiveForm section={props} read={read.permit} token={token} area={area} />;
}

/** The entity that the connected wallet belongs to, if it is another one: the contract would refuse every bid of it for this entity. */
function otherOwner({ entity, entities, funds }: CommitSectionProps): { name?: string } | undefined {
  const owner = funds?.entityId;
  if (owner === undefined || sameHex(owner, entity.SaleSpecificEntityID)) return undefined;
  const own = entities.find(({ SaleSpecificEntityID }) => sameHex(SaleSpecificEntityID, owner));
  return own ? { name: entityName(own) } : {};
}

/** The commitment form once Sonar has cleared entity and wallet; until then, the reason why it has not. */
function CommitContent(props: AreaProps) {
  const { check, entity, setupUrl, supportUrl, returnTo, onOtherWallet } = props;
  const { read, checking, checkAgain } = check;
  const owner = otherOwner(props);
  if (owner)
    return <OtherWalletNotice ownerName={owner.name} entityName={entityName(entity)} onOther={onOtherWallet} />;
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
      onOtherWallet={onOtherWallet}
    />
  );
}

/** The commitment form, or what comes before it: the reason why this wallet and entity cannot commit, and the way on. */
export function CommitSection(props: CommitSectionProps) {
  const area = useRef<HTMLDivElement>(null);
  const { status } = props.check.read;
  // What is replaced takes the focus with it, and a keyboard or screen reader would start again at the top of the page.
  useFocusOnArrival(status, { target: area, area });
  return (
    <div ref={area} tabIndex={-1} role="group" aria-label="Commitment" className="rounded-md outline-offset-8">
      <CommitContent {...props} area={area} />
    </div>
  );
}
