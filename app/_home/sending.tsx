"use client";

import { useEffect, useRef, useState, type ReactNode, type Ref, type RefObject } from "react";
import { Receipt } from "@/components/purchase/receipt";
import { ApprovalNotice, PendingNotice, SendError, SendStepList } from "@/components/purchase/transaction-status";
import { useAnnounce } from "@/hooks/use-announcer";
import { useFocusOnArrival } from "@/hooks/use-focus-on-arrival";
import { useLongWait } from "@/hooks/use-long-wait";
import type { PurchaseTransactions } from "@/hooks/use-purchase-transactions";
import type { UseReceiptResult } from "@/hooks/use-receipt";
import { useTabTitle } from "@/hooks/use-tab-title";
import { site } from "@/lib/config/site";
import { declineReason, type Decline } from "@/lib/purchase/decline";
import { totalTokens, type Position } from "@/lib/purchase/position";
import { isApprovalStep, type ConfirmedPurchase } from "@/lib/purchase/progress";
import { isOutdated, nextSteps, outcomeOfReceipt, receiptFacts, type StoredReceipt } from "@/lib/purchase/receipt";
import { changedOtherwise } from "@/lib/purchase/reduction";
import { walletRequests } from "@/lib/purchase/requests";
import {
  askingStep,
  fundingOfSteps,
  returnMeaning,
  spokenSentence,
  TAB_DONE,
  tabWords,
  type SendNames,
} from "@/lib/purchase/send-words";
import { formatTokenAmount, symbolsAt, symbolsOf, tokenAt, type TokenUnit } from "@/lib/sale/money";
import { isCommitmentStage, isPaused, type SalePhase } from "@/lib/sale/phase";
import type { SaleChain, SaleState } from "@/lib/sale/state";
import { entityName, type SonarEntity } from "@/lib/sonar/entity";

/** The position may be older than the outcome, so the token that was paid with always counts. */
function totalSymbol({ token, increment = 0n }: ConfirmedPurchase, { rows }: Position, { tokens }: SaleState) {
  return symbolsAt(totalTokens(rows, token && { token, amount: increment }), tokens);
}

/** The token that a transaction names. What returns may be of several tokens, which have equal decimals. */
function tokenOf(
  { kind, token }: { kind?: ConfirmedPurchase["kind"]; token?: string },
  { tokens }: SaleState,
): TokenUnit | undefined {
  const [first] = tokens;
  if (token || kind === "commit" || !first) return tokenAt(tokens, token);
  return { decimals: first.decimals, symbol: symbolsOf(tokens) ?? first.symbol };
}

/** The names in the words about the transaction in progress, or the one that has just ended. */
function namesOf({ kind, amounts, outcome }: PurchaseTransactions, saleState: SaleState): SendNames {
  const about = outcome ?? { ...amounts, kind };
  const token = tokenOf(about, saleState);
  const moved = about.takenBack ?? about.increment;
  return { symbol: token?.symbol, ...(token && moved ? { amount: formatTokenAmount(moved, token) } : {}) };
}

/** What the wallet is asked for in each step, in words: spender, amount and expiry. */
function meaningsOf({ transactions, chain, entity, position, saleState }: SendingPlaceProps) {
  const { kind, amounts, steps } = transactions;
  if (!kind || !amounts) return {};
  if (kind !== "commit") return { send: returnMeaning(kind, namesOf(transactions, saleState).amount) };
  const token = tokenAt(saleState.tokens, amounts.token);
  const { increment, total } = amounts;
  if (!token || increment === undefined || total === undefined) return {};
  const held = totalTokens(position.rows, { token: token.address, amount: increment });
  const requests = walletRequests({
    contract: chain.contract,
    token,
    increment,
    totalText: formatTokenAmount(total, { ...token, symbol: symbolsAt(held, saleState.tokens) ?? token.symbol }),
    entityName: entityName(entity),
    funding: fundingOfSteps(steps),
    hasCommitted: position.bid.amount > 0n,
  });
  return Object.fromEntries(requests.map(({ id, meaning, cost }) => [id, `${meaning} ${cost}`]));
}

/** What is in the place of the form: `idle` is the form itself, or the ways to get money back. */
type Shown = "sending" | "error" | "pending" | "approval" | "receipt" | "idle";

/** What is shown of the transactions of this page, and of the receipt that this or another tab has stored. */
export function shownOf(
  { running, error, pending, outcome }: Pick<PurchaseTransactions, "running" | "error" | "pending" | "outcome">,
  receipt: StoredReceipt | undefined,
): Shown {
  if (running) return "sending";
  if (error) return "error";
  if (pending) return "pending";
  // Another tab can have gone on with the commitment that an approval was for, and stored its receipt.
  const isFollowed = outcome && receipt && BigInt(receipt.block) > outcome.block;
  if (outcome && isApprovalStep(outcome.kind) && !isFollowed) return "approval";
  return receipt ? "receipt" : "idle";
}

/** The height of a receipt, which is there from the press: a commitment's tells more than the others'. */
function roomFor({ kind, pending }: PurchaseTransactions, receipt: StoredReceipt | undefined): string {
  const of = kind ?? pending?.kind ?? receipt?.kind ?? "commit";
  const isShort = of === "reduce" || of === "cancel" || of === "refund";
  return isShort ? "min-h-[22rem] sm:min-h-[19rem]" : "min-h-[41rem] sm:min-h-[27rem]";
}

/** True for a receipt of an earlier phase, or of what the contract no longer shows: what can be done now must not wait until it is closed. */
function isPast(receipt: StoredReceipt, phase: SalePhase, position: Position): boolean {
  const { kind } = receipt;
  if (isOutdated(receipt, position)) return true;
  if (kind === "commit") return !isCommitmentStage(phase) && !isPaused(phase);
  return kind !== "refund" && phase.kind === "done";
}

/** The tab's title while a transaction is on its way, and after it until somebody looks at the tab. */
function useTransactionTitle(
  { outcome, pending, ...progress }: PurchaseTransactions,
  decline: Decline | undefined,
): void {
  const [seen, setSeen] = useState<ConfirmedPurchase>();
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") setSeen(outcome);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [outcome]);
  const done = outcome && outcome !== seen && !isApprovalStep(outcome.kind) ? TAB_DONE[outcome.kind] : undefined;
  useTabTitle(tabWords(progress, pending !== undefined, decline) ?? done);
}

/** Says each event of a transaction once. */
function useTransactionNews(transactions: PurchaseTransactions, names: SendNames, decline: Decline | undefined): void {
  const announce = useAnnounce();
  const sentence = spokenSentence(transactions, names, decline);
  useEffect(() => {
    if (sentence !== undefined) announce(sentence);
  }, [sentence, announce]);
}

interface SendingPlaceProps {
  chain: SaleChain;
  entity: SonarEntity;
  saleState: SaleState;
  phase: SalePhase;
  position: Position;
  returnTo: string;
  onReload: () => void;
  transactions: PurchaseTransactions;
  receipt: UseReceiptResult;
  /** True if the entity can add to its commitment. */
  canAdd: boolean;
  /** The form, or the ways to get money back; absent if there is nothing to do. */
  children?: ReactNode;
  /** The next thing to look at where there is nothing to do. */
  after: RefObject<HTMLElement | null>;
}

function OpenReceipt(props: SendingPlaceProps & { stored: StoredReceipt; heading: Ref<HTMLHeadingElement> }) {
  const { stored, chain, entity, saleState, phase, position, receipt, transactions, canAdd, heading } = props;
  const outcome = outcomeOfReceipt(stored);
  const token = tokenOf(outcome, saleState);
  const symbol = totalSymbol(outcome, position, saleState);
  const close = () => (receipt.close(), transactions.reset());
  const keepsAccepted = position.total.accepted > 0n;
  const outdated = isOutdated(stored, position);
  const facts = receiptFacts(stored, { token, totalSymbol: symbol, entityName: entityName(entity) });
  const ended = facts.ended ?? position.state === "cancelled";
  return (
    <Receipt
      facts={facts}
      explorerUrl={chain.explorerUrl}
      next={outdated ? [] : nextSteps({ kind: stored.kind, phase, keepsAccepted, ended, texts: site.sale })}
      outdated={outdated}
      siteName={site.name}
      heading={heading}
      onAddMore={stored.kind === "commit" && canAdd && !outdated ? close : undefined}
      onClose={close}
    />
  );
}

/** In milliseconds. Until then most users are reading what their wallet shows. */
const UNANSWERED_AFTER_MS = 60_000;

/** What replaces the form, from the press of its button to the receipt. */
function Replacement(
  props: SendingPlaceProps & { shown: Shown; decline: Decline | undefined; heading: Ref<HTMLHeadingElement> },
) {
  const { shown, decline, heading, transactions, receipt, chain, saleState, position, returnTo, onReload } = props;
  const { kind, steps, note, pending, outcome, error, slow, forget, reset } = transactions;
  const { explorerUrl } = chain;
  const unanswered = useLongWait(askingStep(transactions), UNANSWERED_AFTER_MS);
  const changedTo = pending && changedOtherwise(pending, position);
  const known = { explorerUrl, ...(changedTo !== undefined && { changedTo }) };
  const waiting = pending && { pending, slow, onForget: forget, token: tokenOf(pending, saleState), ...known };
  switch (shown) {
    case "sending":
      return (
        <div className="grid gap-3">
          {kind && (
            <SendStepList
              kind={kind}
              steps={steps}
              note={note}
              decline={decline}
              unanswered={unanswered}
              explorerUrl={explorerUrl}
              heading={heading}
              meanings={meaningsOf(props)}
              {...namesOf(transactions, saleState)}
            />
          )}
          {waiting && (slow || (waiting.pending.before && !waiting.pending.asked)) && <PendingNotice {...waiting} />}
        </div>
      );
    case "pending":
      return waiting && <PendingNotice {...waiting} heading={heading} />;
    case "error": {
      const dismiss = () => {
        // The bounds, the lockup or the pricing of the permit may have changed, and the form would send the same again.
        if (error?.action === "reload" || error?.action === "change") onReload();
        reset();
      };
      return error && <SendError kind={kind} error={error} onDismiss={dismiss} returnTo={returnTo} heading={heading} />;
    }
    case "approval": {
      const approved = outcome && { outcome, token: tokenOf(outcome, saleState), explorerUrl };
      return approved && <ApprovalNotice {...approved} onDismiss={reset} heading={heading} />;
    }
    case "receipt":
      return receipt.receipt && <OpenReceipt {...props} stored={receipt.receipt} />;
    case "idle":
      return null;
  }
}

/**
 * The place of the form. While a transaction is on its way, its steps, its error or its receipt are here instead, in a place as high as the
 * receipt's: nothing below moves.
 */
export function SendingPlace(props: SendingPlaceProps) {
  const { transactions, receipt, saleState, phase, position, after, children } = props;
  const place = useRef<HTMLDivElement>(null);
  const idle = useRef<HTMLDivElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = shownOf(transactions, receipt.receipt);
  const isIdle = shown === "idle";
  const both = shown === "receipt" && receipt.receipt !== undefined && isPast(receipt.receipt, phase, position);
  const decline = declineReason(transactions, phase, position, saleState);
  useTransactionTitle(transactions, decline);
  useTransactionNews(transactions, namesOf(transactions, saleState), decline);
  const target = !isIdle ? heading : children ? idle : after;
  useFocusOnArrival(shown, { target, area: place, first: isIdle && target === idle });
  return (
    <div ref={place} className="grid gap-5 empty:hidden">
      {children && (isIdle || both) && (
        <div ref={idle} tabIndex={-1} className="grid gap-5 rounded-md outline-offset-8">
          {children}
        </div>
      )}
      {!isIdle && (
        <div className={both ? undefined : roomFor(transactions, receipt.receipt)}>
          <Replacement {...props} shown={shown} decline={decline} heading={heading} />
        </div>
      )}
    </div>
  );
}
