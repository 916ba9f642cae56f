"use client";

import { OutsideWindow } from "@/app/outside-window";
import { FailureNotice } from "@/components/failure-notice";
import { CommitForm } from "@/components/purchase/commit-form";
import { CommitFormSkeleton } from "@/components/purchase/commit-form-skeleton";
import { PurchaseFailure } from "@/components/purchase/purchase-failure";
import { ReadinessNotice } from "@/components/purchase/readiness-notice";
import { useDecimalMark } from "@/hooks/use-decimal-mark";
import type { UseFormPermitResult } from "@/hooks/use-form-permit";
import type { PurchaseCheck } from "@/hooks/use-purchase-check";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import type { WalletFunds } from "@/hooks/wallet/lazy/wallet-funds";
import { failureOf } from "@/lib/failure-error";
import type { CommitDraft, CommitTerms } from "@/lib/sale/commit-draft";
import type { ReadPermit } from "@/lib/sale/permit";
import { checkWindow } from "@/lib/sale/permit-check";
import { isPaidBack, type Position } from "@/lib/sale/position";
import type { PriceTick } from "@/lib/sale/price";
import type { SaleChain } from "@/lib/sale/sale-chain";
import type { PaymentToken, SaleState } from "@/lib/sale/sale-state";

/** What a commitment is made of, but for the permit. */
export type CommitWish = Omit<CommitOrder, "entityId" | "saleUUID" | "getPermit">;

interface CommitPartProps {
  chain: SaleChain;
  saleState: SaleState;
  position: Position;
  check: PurchaseCheck;
  /** Of the entity and the connected wallet. */
  permit: UseFormPermitResult;
  setupUrl: string;
  supportUrl?: string;
  returnTo: string;
  draft: CommitDraft;
  onDraft: (draft: CommitDraft) => void;
  funds?: WalletFunds;
  tick?: PriceTick;
  busy: boolean;
  onCommit: (wish: CommitWish) => void;
}

function chosenToken({ saleState, draft }: CommitPartProps): PaymentToken | undefined {
  return saleState.tokens.find(({ address }) => address === draft.token) ?? saleState.tokens[0];
}

function termsOf(props: CommitPartProps, permit: ReadPermit, token: PaymentToken): CommitTerms {
  const { position, funds, chain, saleState, tick } = props;
  const held = funds?.tokens[token.address.toLowerCase()];
  return {
    permit,
    current: position.bid,
    refunded: isPaidBack(position),
    token,
    // A contract wallet's gas can be paid by others, and such a wallet often holds none of the coin.
    funds: { token: held, native: funds?.isContract ? undefined : funds?.native },
    nativeSymbol: chain.nativeCurrency.symbol,
    now: BigInt(saleState.blockTime),
    tick,
  };
}

function ReadyForm(props: CommitPartProps) {
  const { permit: read, draft, onDraft, busy, saleState, position, tick, returnTo, onCommit } = props;
  const decimalMark = useDecimalMark();
  const token = chosenToken(props);
  const retry = { returnTo, onRetry: read.refetch, retrying: read.refreshing };
  if (read.problem) {
    const again = { label: "Check again", onDismiss: read.refetch, pending: read.refreshing };
    return <PurchaseFailure error={read.problem} returnTo={returnTo} {...again} />;
  }
  if (read.error && !read.permit) return <FailureNotice failure={failureOf(read.error)} {...retry} />;
  if (!read.permit || !token) return <CommitFormSkeleton />;
  // Sonar's check only advises, and the contract goes by the permit: a form that nothing can be sent with has no way on.
  if (!busy && !checkWindow(read.permit.permit, BigInt(saleState.blockTime)).ok) return <OutsideWindow {...props} />;
  return (
    <CommitForm
      draft={draft}
      onDraft={onDraft}
      terms={{ ...termsOf(props, read.permit, token), decimalMark }}
      tokens={saleState.tokens}
      rows={position.rows}
      busy={busy}
      onCommit={({ plan, price }) =>
        onCommit({
          token,
          increment: plan.delta,
          wantsLockup: draft.lockup,
          expected: plan.bid,
          price,
          tick,
        })
      }
    />
  );
}

/** The commitment's form, once Sonar has cleared entity and wallet; before that, why it has not. */
export function CommitPart(props: CommitPartProps) {
  const { check, setupUrl, supportUrl, returnTo } = props;
  const { view, checking, checkAgain } = check;
  if (view.status === "loading") return <CommitFormSkeleton />;
  if (view.status === "failed")
    return <FailureNotice failure={view.failure} returnTo={returnTo} onRetry={checkAgain} retrying={checking} />;
  if (view.value.ready) return <ReadyForm {...props} />;
  if (view.value.reason === "outside-time-window") return <OutsideWindow {...props} />;
  return (
    <ReadinessNotice
      readiness={view.value}
      onCheckAgain={checkAgain}
      checking={checking}
      setupUrl={setupUrl}
      supportUrl={supportUrl}
    />
  );
}
