"use client";

import type { Address, Hex } from "viem";
import { useReducer, useRef } from "react";
import {
  forgetPendingTransaction,
  rememberNonce,
  rememberPendingTransaction,
  readPendingTransaction,
  usePendingTransaction,
  useResumedTransaction,
} from "@/hooks/use-pending-transaction";
import { beginTransaction, inOneTab, stopWaiting, useIsSending } from "@/hooks/use-sending";
import { serverNow } from "@/hooks/use-server-time";
import { MINED_REVERT, NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import {
  BUSY,
  notLoaded,
  OTHER_TAB_BUSY,
  PAGE_BUSY,
  waitNotLoaded,
  type PurchaseError,
} from "@/lib/purchase/errors/purchase-error";
import { pendingKey, type PendingScope, type PendingTransaction } from "@/lib/purchase/pending";
import type { Position } from "@/lib/purchase/position";
import {
  isApprovalStep,
  NO_PROGRESS,
  outcomeOf,
  purchaseProgress,
  type SendEvent,
  type ConfirmedPurchase,
  type PurchaseAmounts,
  type PurchaseProgress,
} from "@/lib/purchase/progress";
import { sumAmounts, type Reduction, type ReturnedAmount } from "@/lib/purchase/reduction";
import type { SaleChain } from "@/lib/sale/state";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import type { ConfirmedTransaction } from "@/lib/wallet/transactions/require-confirmed";
import type { RequestOptions, SaleRequest, SaleResult } from "@/lib/wallet/transactions/transactions";
import type { RequestOutcome } from "@/lib/wallet/transactions/wait-for-request";

/** The owner and the request of the remembered transactions. */
interface SentBy extends PendingScope {
  wallet: Address;
  request: SaleRequest;
}

/** A transaction that a wallet was asked for, or has sent. */
type Sent = Extract<SendEvent, { type: "asked" | "sent" }>;

/** The amounts that a request asks for; the token only if there is just one. */
function amountsOf(request: SaleRequest): PurchaseAmounts {
  if (request.kind === "commit") {
    const { token, increment, expected } = request.order;
    return { token: token.address, increment, total: expected.amount, bidPrice: expected.price };
  }
  const rows = request.kind === "reduce" ? request.reduction.rows : (request.returns ?? []);
  const { token, amount } = sumAmounts(rows);
  return {
    ...(token && { token }),
    ...(rows.length > 0 && { takenBack: amount }),
    ...(request.kind === "reduce" && { total: request.reduction.total }),
  };
}

function started(request: SaleRequest, position: Position | undefined) {
  const base = position && { position, ...(request.kind === "reduce" && { rows: request.reduction.rows }) };
  return { type: "started", kind: request.kind, amounts: amountsOf(request), ...(base && { base }) } as const;
}

function termsOf({ expected: { price, lockup } }: CommitOrder): PendingTransaction["terms"] {
  return { price: `${price}`, lockup };
}

function pendingOf({ request, wallet, ...scope }: SentBy, event: Sent): PendingTransaction {
  const { chainId, contract, entityId } = scope;
  const { id, before } = event;
  const known = event.type === "sent" ? { hash: event.hash, fallback: event.fallback } : { asked: true };
  const common = { ...known, before, chainId, contract, entityId, wallet, sentAt: serverNow() };
  const { token, increment, total, takenBack } = amountsOf(request);
  const digits = (amount: bigint | undefined) => amount?.toString();
  const amounts = { token, increment: digits(increment), total: digits(total), takenBack: digits(takenBack) };
  const terms = request.kind === "commit" && termsOf(request.order);
  return { kind: isApprovalStep(id) ? id : request.kind, ...common, ...amounts, ...(terms && { terms }) };
}

/** The browser's memory of one flow's transactions while their outcome is open. */
interface SentMemory {
  /** Call it with every event of the flow. */
  follow: (event: SendEvent) => void;
  /** Call it when the flow is over, with its error if it failed. It does not forget transactions of another tab. */
  end: (error?: PurchaseError) => void;
}

/**
 * True if an error leaves open whether the wallet has sent the transaction. It goes by what the page says: where nothing was sent, nothing is
 * waited for.
 */
function mayBeSent({ sentence }: PurchaseError): boolean {
  return !sentence.includes(NOTHING_SENT);
}

/** Remembers the transactions that a flow sends. */
function rememberSent(by: SentBy): SentMemory {
  let last: PendingTransaction | undefined;
  const remember = (sent: Sent) => {
    last = pendingOf(by, sent);
    rememberPendingTransaction(last);
  };
  const forget = () => {
    if (last) forgetPendingTransaction(last);
  };
  const follow = (event: SendEvent) => {
    if (event.type === "asked") remember(event);
    if (event.type === "sent" && event.nonce === undefined) remember(event);
    if (event.type === "sent" && event.nonce !== undefined && last && last.hash === event.hash)
      rememberNonce(last, event.nonce);
    // The next step has begun, so the transaction before it is in a block.
    if (event.type === "began" && (last?.kind === "approve" || last?.kind === "reset-allowance")) forget();
  };
  const end = (error?: PurchaseError) => {
    // It stays: a second press must not send it again. The user can say that the wallet has nothing of it.
    if (!last?.asked || !error || !mayBeSent(error)) forget();
  };
  return { follow, end };
}

/** The owner of the transactions. For another entity, mount the component anew (`key`), because its state belongs to this one. */
export interface PurchaseTransactionsArgs {
  chain: SaleChain;
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  /** The connected wallet; absent: nothing can be sent. */
  wallet?: Address;
  /** The position as the page shows it. */
  position?: Position;
  /** The newest block that the page has seen: nothing is sent on top of an older state. */
  seenBlock?: bigint;
  /** A transaction of this entity is confirmed: its data must be read again, at this block or later. */
  onConfirmed: (outcome: ConfirmedPurchase) => void;
  /** A request of this entity has failed after one of its transactions was in this block: a second one must not be relative to an older state. */
  onFailed: (block: bigint) => void;
}

/** The transactions of one entity. The four calls never reject; the other fields report their outcome. */
export interface PurchaseTransactions extends PurchaseProgress {
  commit: (order: CommitOrder) => Promise<void>;
  /** Takes a part of the commitment back. */
  reduce: (reduction: Reduction) => Promise<void>;
  /** `returns`: what is paid back, as the page shows it. */
  cancel: (returns?: readonly ReturnedAmount[]) => Promise<void>;
  claimRefund: (returns?: readonly ReturnedAmount[]) => Promise<void>;
  /** The transaction that was sent from this tab, an earlier page load or another tab, and is not in a block yet. */
  pending?: PendingTransaction;
  /** A transaction is in progress: nothing else can be sent. */
  busy: boolean;
  /** A transaction of another entity, or of an earlier view of this one, is in progress on this page: nothing can be sent meanwhile. */
  elsewhere: boolean;
  /** Clears outcome, error and steps. */
  reset: () => void;
  /** The user says that the wallet no longer has the pending transaction: the page stops waiting for it. */
  forget: () => void;
}

async function load(...request: Parameters<typeof send>): Promise<SaleResult> {
  return send(...request).catch(() => ({ ok: false, error: notLoaded() }));
}

async function send(chain: SaleChain, wallet: Address, request: SaleRequest, options: RequestOptions) {
  const { sendRequest } = await import("@/lib/wallet/transactions/transactions");
  return sendRequest(chain, wallet, request, options);
}

/** The amounts that an earlier page load asked for. */
function amountsOfPending({ token, ...pending }: PendingTransaction): PurchaseAmounts {
  const amount = (digits: string | undefined) => (digits === undefined ? undefined : BigInt(digits));
  const [increment, total, takenBack] = [pending.increment, pending.total, pending.takenBack].map(amount);
  return { token, increment, total, takenBack };
}

/** How a transaction that was waited for has ended. */
interface End {
  confirmed?: ConfirmedTransaction;
  error?: PurchaseError;
  /** The block of a transaction that failed, or did something else. */
  failedAt?: bigint | undefined;
}

/** The end of a transaction that was waited for; empty if waiting ended first. */
function endOf(outcome: RequestOutcome): End {
  const { done } = outcome;
  switch (outcome.status) {
    case "confirmed":
      return { confirmed: { hash: outcome.receipt.transactionHash, block: outcome.receipt.blockNumber, done } };
    case "noticed":
      return { confirmed: { block: outcome.block, done } };
    case "changed":
      return { error: outcome.message, failedAt: outcome.receipt?.blockNumber ?? outcome.usedBy };
    case "reverted":
      return { error: MINED_REVERT, failedAt: outcome.receipt.blockNumber };
    case "aborted":
      return {};
  }
}

/** The progress of this view's own transactions. A notice that another one is in progress goes with its reason. */
function useProgress() {
  const [progress, dispatch] = useReducer(purchaseProgress, NO_PROGRESS);
  const isSending = useIsSending();
  const isOver = progress.error === PAGE_BUSY && !isSending;
  const shown = { ...progress, ...(isOver && { error: undefined }), elsewhere: isSending && !progress.running };
  return [shown, dispatch] as const;
}

/** The ways in which a transaction ends, each told to the page. */
function endings(
  { onConfirmed, onFailed }: PurchaseTransactionsArgs,
  dispatch: (event: Parameters<typeof purchaseProgress>[1]) => void,
) {
  function end(type: "confirmed" | "resumed", outcome: ConfirmedPurchase) {
    dispatch({ type, outcome });
    onConfirmed(outcome);
  }
  function fail(error: PurchaseError, block: bigint | undefined) {
    dispatch({ type: "failed", error });
    if (block !== undefined) onFailed(block);
  }
  function onOutcome(of: PendingTransaction, outcome: RequestOutcome) {
    const { confirmed, error, failedAt } = endOf(outcome);
    if (error) fail(error, failedAt);
    if (confirmed) end("resumed", outcomeOf(of, amountsOfPending(of), confirmed));
  }
  return { end, fail, onOutcome };
}

/** Commits, reduces, cancels and claims, one transaction at a time, and resumes the transaction that an earlier page load left open. */
export function usePurchaseTransactions(args: PurchaseTransactionsArgs): PurchaseTransactions {
  const { chain, entityId, wallet, position, seenBlock } = args;
  const scope = { chainId: chain.chainId, contract: chain.contract, entityId };
  const name = pendingKey(scope);
  const [progress, dispatch] = useProgress();
  const pending = usePendingTransaction(scope);
  const isOwn = useRef(false);
  const { end, fail, onOutcome } = endings(args, dispatch);
  const resumed = { chain, onOutcome, onNotLoaded: () => dispatch({ type: "failed", error: waitNotLoaded() }) };
  const resumedSlowly = useResumedTransaction({ ...resumed, ...(pending && !progress.running && { pending }) });

  async function perform(request: SaleRequest, signal: AbortSignal) {
    if (wallet === undefined) return;
    const memory = rememberSent({ ...scope, wallet, request });
    let minedAt: bigint | undefined;
    dispatch(started(request, position));
    const answer = await load(chain, wallet, request, {
      signal,
      ...(seenBlock !== undefined && { seen: seenBlock }),
      onSlow: () => dispatch({ type: "slow" }),
      onMined: (block) => (minedAt = block),
      report: (event) => (memory.follow(event), dispatch(event)),
    });
    memory.end(answer.ok ? undefined : answer.error);
    if (!answer.ok) return fail(answer.error, minedAt);
    end("confirmed", outcomeOf({ kind: request.kind, wallet }, amountsOf(request), answer.confirmed));
  }

  async function start(request: SaleRequest) {
    const begun = beginTransaction(name);
    // A second press of the same button needs no answer: the effect of the first is about to be shown.
    if (!begun) return isOwn.current ? undefined : dispatch({ type: "failed", error: PAGE_BUSY });
    isOwn.current = true;
    try {
      const isAlone = await inOneTab(name, async () => {
        // Read again, because another tab may have sent a transaction since the last render.
        if (readPendingTransaction(scope)) dispatch({ type: "failed", error: BUSY });
        else await perform(request, begun.signal);
      });
      // The other tab's transaction shows here only once it is sent; without this, both tabs could send an approval.
      if (!isAlone) dispatch({ type: "failed", error: OTHER_TAB_BUSY });
    } finally {
      isOwn.current = false;
      begun.release();
    }
  }

  return {
    ...progress,
    pending,
    slow: progress.slow || resumedSlowly,
    busy: progress.running || pending !== undefined,
    commit: (order) => start({ kind: "commit", order }),
    reduce: (reduction) => start({ kind: "reduce", entityId, reduction }),
    cancel: (returns) => start({ kind: "cancel", entityId, returns }),
    claimRefund: (returns) => start({ kind: "refund", entityId, returns }),
    reset: () => dispatch({ type: "cleared" }),
    forget: () => (stopWaiting(name), pending && forgetPendingTransaction(pending)),
  };
}
