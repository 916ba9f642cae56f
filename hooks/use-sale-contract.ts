"use client";

import { useReducer, useRef } from "react";
import type { Address, Hex } from "viem";
import { inOneTab } from "@/hooks/in-one-tab";
import { beginTransaction } from "@/hooks/one-at-a-time";
import { rememberSent } from "@/hooks/remember-sent";
import {
  forgetPendingTransaction,
  readPendingTransaction,
  usePendingTransaction,
} from "@/hooks/use-pending-transaction";
import { useResumedTransaction } from "@/hooks/use-resumed-transaction";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import type { FlowOptions } from "@/hooks/wallet/lazy/require-confirmed";
import type { SaleAnswer, SaleRequest } from "@/hooks/wallet/lazy/transactions";
import type { SentOutcome } from "@/hooks/wallet/lazy/wait-for-outcome";
import { MINED_REVERT } from "@/lib/sale/failure-rules";
import { pendingKey, type PendingTransaction } from "@/lib/sale/pending-transaction";
import { BUSY, NOT_LOADED, OTHER_TAB_BUSY, PAGE_BUSY } from "@/lib/sale/purchase-error";
import type { PurchaseOutcome } from "@/lib/sale/purchase-outcome";
import { NO_PROGRESS, purchaseProgress, type PurchaseProgress } from "@/lib/sale/purchase-progress";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** Whose transactions these are. Mount what uses this anew (`key`) for another entity: what is shown is of this one. */
export interface UseSaleContractArgs {
  chain: SaleChain;
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  /** The connected wallet; absent: nothing can be sent. */
  wallet?: Address;
  /** Something of this entity is on the chain: what is shown of it must be read again, at this block or later. */
  onConfirmed: (outcome: PurchaseOutcome) => void;
}

/** The sale's transactions of one entity. The three calls never reject; what comes of them is told by the rest. */
export interface SaleContract extends PurchaseProgress {
  commit: (order: Omit<CommitOrder, "entityId">) => Promise<void>;
  cancel: () => Promise<void>;
  claimRefund: () => Promise<void>;
  /** Sent, from here, an earlier page load or another tab, and not in a block yet. */
  pending?: PendingTransaction;
  /** Something is under way: nothing else can be sent. */
  busy: boolean;
  /** Puts outcome, error and steps away. */
  reset: () => void;
  /** The user says that the pending transaction is gone from the wallet: it is no longer waited for. */
  forget: () => void;
}

async function load(...request: Parameters<typeof send>): Promise<SaleAnswer> {
  return send(...request).catch(() => ({ ok: false, error: NOT_LOADED }));
}

async function send(chain: SaleChain, wallet: Address, request: SaleRequest, options: FlowOptions) {
  const { sendRequest } = await import("@/hooks/wallet/lazy/transactions");
  return sendRequest(chain, wallet, request, options);
}

function outcomeOf(
  request: SaleRequest,
  wallet: Address,
  { hash, block }: { hash: Hex; block: bigint },
): PurchaseOutcome {
  if (request.kind !== "commit") return { kind: request.kind, hash, wallet, block };
  const { token, increment, expected } = request.order;
  return { kind: "commit", hash, wallet, block, token: token.address, increment, total: expected.amount };
}

function resumedOutcome(pending: PendingTransaction, hash: Hex, block: bigint): PurchaseOutcome {
  const { kind, wallet, token, increment, total } = pending;
  return {
    kind,
    hash,
    wallet,
    block,
    token,
    increment: increment === undefined ? undefined : BigInt(increment),
    total: total === undefined ? undefined : BigInt(total),
  };
}

/** Commits, cancels and claims, one transaction at a time, and takes up what an earlier page load has left open. */
export function useSaleContract({ chain, entityId, wallet, onConfirmed }: UseSaleContractArgs): SaleContract {
  const scope = { chainId: chain.chainId, contract: chain.contract, entityId };
  const [progress, dispatch] = useReducer(purchaseProgress, NO_PROGRESS);
  const pending = usePendingTransaction(scope);
  const waiting = useRef<AbortController>(null);

  const onOutcome = (of: PendingTransaction, outcome: SentOutcome) => {
    if (outcome.status === "changed") dispatch({ type: "stopped", error: outcome.message });
    if (outcome.status === "reverted") dispatch({ type: "stopped", error: MINED_REVERT });
    if (outcome.status !== "confirmed") return;
    const confirmed = resumedOutcome(of, outcome.receipt.transactionHash, outcome.receipt.blockNumber);
    dispatch({ type: "resumed", outcome: confirmed });
    onConfirmed(confirmed);
  };
  const resumedSlowly = useResumedTransaction({ chain, onOutcome, ...(pending && !progress.running && { pending }) });

  async function perform(request: SaleRequest) {
    if (wallet === undefined) return;
    const memory = rememberSent({ ...scope, wallet, request });
    const controller = new AbortController();
    waiting.current = controller;
    dispatch({ type: "started", kind: request.kind });
    const answer = await load(chain, wallet, request, {
      signal: controller.signal,
      onSlow: () => dispatch({ type: "slow" }),
      report: (event) => (memory.follow(event), dispatch(event)),
    });
    memory.forget();
    if (!answer.ok) return dispatch({ type: "stopped", error: answer.error });
    const outcome = outcomeOf(request, wallet, answer.confirmed);
    dispatch({ type: "confirmed", outcome });
    onConfirmed(outcome);
  }

  async function start(request: SaleRequest) {
    const end = beginTransaction();
    // A second press of the same button needs no answer: what the first one does is about to be shown.
    if (!end) return waiting.current ? undefined : dispatch({ type: "stopped", error: PAGE_BUSY });
    try {
      const isAlone = await inOneTab(pendingKey(scope), async () => {
        // Asked anew: another tab may have sent something since the last render.
        if (readPendingTransaction(scope)) dispatch({ type: "stopped", error: BUSY });
        else await perform(request);
      });
      // What the other tab does shows here only once it has sent something: two approvals could be on their way until then.
      if (!isAlone) dispatch({ type: "stopped", error: OTHER_TAB_BUSY });
    } finally {
      waiting.current = null;
      end();
    }
  }

  return {
    ...progress,
    pending,
    slow: progress.slow || resumedSlowly,
    busy: progress.running || pending !== undefined,
    commit: (order) => start({ kind: "commit", order: { ...order, entityId } }),
    cancel: () => start({ kind: "cancel", entityId }),
    claimRefund: () => start({ kind: "refund", entityId }),
    reset: () => dispatch({ type: "cleared" }),
    forget: () => {
      waiting.current?.abort();
      if (pending) forgetPendingTransaction(pending);
    },
  };
}
