"use client";

import { PrePurchaseFailureReason, type EntityID } from "@echoxyz/sonar-core";
import { useEffect, useEffectEvent, useMemo, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { generatePurchasePermit } from "@/app/actions/sonar";
import { usePendingTransaction } from "@/hooks/use-pending-transaction";
import { usePositions } from "@/hooks/use-positions";
import { COMMITMENTS_KEY, useTellPermit, useSalePhase, useSaleState, type UseSaleStateResult } from "@/hooks/use-sale";
import { useIsSending } from "@/hooks/use-sending";
import { useSonarPurchase } from "@/hooks/use-sonar-purchase";
import { useSessionStatus } from "@/hooks/use-session";
import { useSonarQuery, type SonarRead } from "@/hooks/use-sonar-query";
import { recordOutcome } from "@/hooks/use-unlisted-commitments";
import { useWallet, type UseWalletResult } from "@/hooks/use-wallet";
import type { PublicSettings } from "@/lib/config/public-settings";
import { errorOfProblem, type PurchaseError } from "@/lib/purchase/errors/purchase-error";
import { readPermit, type ReadPermit } from "@/lib/purchase/permit";
import { isHolding, isOfOtherStage, isPaidBack, positionIn, type Positions } from "@/lib/purchase/position";
import { isApprovalStep, type ConfirmedPurchase } from "@/lib/purchase/progress";
import type { PurchaseState } from "@/lib/purchase/purchase-state";
import { describeReadiness, type PurchaseReadiness } from "@/lib/purchase/readiness";
import { failureOf, toRead, type Failure, type Read } from "@/lib/result";
import type { SalePhase } from "@/lib/sale/phase";
import { pageContract, type SaleChain, type SaleStage, type SaleState } from "@/lib/sale/state";
import type { SonarEntity } from "@/lib/sonar/entity";
import { canTakePart } from "@/lib/sonar/entity-choice";
import { connectedAddress, usableWallet } from "@/lib/wallet/wallet";

/** Sonar's pre-purchase check in words, and a function to check again. */
export interface PurchaseCheck {
  read: Read<PurchaseReadiness>;
  checking: boolean;
  checkAgain: () => void;
}

type Answer = ReturnType<typeof useSonarPurchase>;

function readinessOf(answer: Answer, sandboxOrigin: string | undefined): PurchaseCheck["read"] {
  if (answer.loading || answer.error) return toRead({ error: answer.error });
  const check = {
    ReadyToPurchase: answer.readyToPurchase,
    FailureReason: "failureReason" in answer ? answer.failureReason : PrePurchaseFailureReason.UNKNOWN,
    LivenessCheckURL: "livenessCheckURL" in answer ? answer.livenessCheckURL : "",
  };
  return toRead({ data: describeReadiness(check, { sandboxOrigin }) });
}

/**
 * Sonar's answer whether an entity may buy with a wallet now. "" means that it is not chosen yet: nothing is asked, and the answer stays
 * "loading".
 */
function usePurchaseCheck(args: {
  saleUUID: string;
  entityID: EntityID;
  walletAddress: string;
  /** Its http address is trusted for the face check. */
  sandboxOrigin?: string;
}): PurchaseCheck {
  const { sandboxOrigin, ...purchase } = args;
  const answer = useSonarPurchase(purchase);
  return { read: readinessOf(answer, sandboxOrigin), checking: answer.refreshing, checkAgain: answer.refetch };
}

/** A permit lives ten minutes; its contents are renewed before that. Rarely, since permits are limited (10 a minute by default). */
const RENEW_AFTER_MS = 8 * 60_000;

/** A permit's contents for the form. */
export interface UseFormPermitResult extends Omit<SonarRead, "error"> {
  permit?: ReadPermit;
  /** Sonar issued a permit that this site cannot use. */
  problem?: PurchaseError;
  /** There is no form, for this reason. A permit that could not be renewed still serves the form. */
  refusal?: Failure;
}

interface FormPermitArgs {
  chain: SaleChain;
  entityID: EntityID;
  /** "" if none is connected; no permit is then asked for. */
  walletAddress: string;
  /** Sonar's pre-purchase check of entity and wallet. */
  check: Read<PurchaseReadiness>;
  /** True if the sale accepts commitments; otherwise a permit would be useless. */
  wanted: boolean;
}

/** For other refusals the server issues none (lib/sonar/permits.ts); only the permit itself knows its window. */
function maybePermitted(check: Read<PurchaseReadiness>): boolean {
  return check.status === "ready" && (check.value.ready || check.value.reason === "outside-time-window");
}

/**
 * The limits, the lockup and the window of an entity and a wallet, from a permit that is fetched only for the form. The permit that is sent
 * is fetched last, after every step before it. A permit is fetched only if the pre-purchase check was passed, or if only the time is
 * against it.
 */
export function useFormPermit({ chain, check, wanted, ...input }: FormPermitArgs): UseFormPermitResult {
  const { data, error, ...read } = useSonarQuery(
    generatePurchasePermit,
    { ...input, purpose: "form", sale: pageContract(chain) },
    {
      name: "formPermit",
      enabled: wanted && input.walletAddress !== "" && maybePermitted(check),
      staleTime: RENEW_AFTER_MS,
      pollEvery: () => RENEW_AFTER_MS,
    },
  );
  const permit = useMemo(() => data && readPermit(data.PermitJSON), [data]);
  const refusal = error && !permit ? failureOf(error) : undefined;
  const answer = { ...read, ...(refusal && { refusal }) };
  if (!permit) return answer;
  return permit.ok ? { ...answer, permit: permit.value } : { ...answer, problem: errorOfProblem(permit.problem) };
}

interface PurchaseArgs {
  settings: Omit<PublicSettings, "own">;
  chain: SaleChain;
  /** Absent while there is no entity to choose. */
  entity?: SonarEntity;
}

/** The page's knowledge about the purchase, and the functions that keep it up to date. */
export interface UsePurchaseResult {
  state: PurchaseState;
  wallet: UseWalletResult;
  check: PurchaseCheck;
  /** The terms on which the entity and the connected wallet may commit. */
  permit: UseFormPermitResult;
  saleState?: SaleState;
  /** Reads sale and position again, after a failure or because the page is out of date. */
  reload: () => void;
  reloading: boolean;
  /** A transaction is confirmed, and the position that includes it is being read. */
  updating: boolean;
  /**
   * The position may be that of before a confirmed transaction; `late` once the first read after it has not brought the new one; `unlisted` while
   * Sonar does not list the entity, without which nothing is read; `old` if it is of an earlier stage of the sale, or can no longer be read.
   */
  behind?: "reading" | "late" | "unlisted" | "old";
  /** The newest block that the page has seen, in the position or of a transaction. */
  seenBlock: bigint;
  /** A transaction is in a block: everything that it changes is read again, at that block or later. */
  onConfirmed: (outcome: ConfirmedPurchase) => void;
  /** A request has failed after one of its transactions was in this block: the state that it failed by is read again. */
  onFailed: (block: bigint) => void;
}

function entitySale(phase: Read<SalePhase>, { saleState }: UseSaleStateResult): PurchaseState["sale"] {
  if (phase.status !== "ready" || !saleState) return phase.status === "failed" ? phase : { status: "loading" };
  const { claimRefundEnabled, reduceCommitmentEnabled } = saleState;
  return { status: "ready", value: { phase: phase.value, claimRefundEnabled, reduceCommitmentEnabled } };
}

/** A failure that the next reads will have too. */
function isLasting(failure: Failure | undefined): boolean {
  return failure !== undefined && failure.recovery !== "retry";
}

/**
 * The entity's position; while Sonar leaves the entity out of the list that is read with, the last one known: whoever waits for a transaction
 * must not lose what is known of it.
 */
function usePositionOf(
  read: ReturnType<typeof usePositions>,
  entity: SonarEntity | undefined,
  stage: SaleStage | undefined,
) {
  const { positions, error } = read;
  const [last, setLast] = useState<Positions[number]>();
  const listed = entity && positionIn(positions, entity.EntityID);
  if (listed && listed !== last?.position) setLast({ entityID: entity.EntityID, position: listed });
  const known = listed ?? (last?.entityID === entity?.EntityID ? last?.position : undefined);
  const position = toRead({ data: known, error });
  const isOfOther = known !== undefined && isOfOtherStage(known, stage);
  // Positions are read with a list of their own, in which an entity can be missing that Sonar has listed since.
  const missing = positions && !listed ? entity : undefined;
  const refetchNow = useEffectEvent(read.refetch);
  useEffect(() => {
    if (isOfOther || missing) refetchNow();
  }, [isOfOther, missing]);
  const old = isHolding(known) && (isOfOther || isLasting(error && failureOf(error)));
  return { position, flags: { unlisted: known !== undefined && !listed, old } };
}

function behindOf(
  { unlisted, old }: Pick<PurchaseState, "unlisted" | "old">,
  { isBehind, refreshing }: ReturnType<typeof usePositions>,
  isReadingOwn: boolean,
): UsePurchaseResult["behind"] {
  if (unlisted) return "unlisted";
  if (isBehind) return isReadingOwn ? "reading" : "late";
  if (old) return refreshing ? "reading" : "old";
  return undefined;
}

function seenBlockOf(
  { newestAsked = 0 }: ReturnType<typeof usePositions>,
  position: PurchaseState["position"],
): bigint {
  const read = (position.status === "ready" && position.value.block) || 0n;
  return read > BigInt(newestAsked) ? read : BigInt(newestAsked);
}

/** Reads the sale again, and the positions at the block of an own transaction or later: `readAt` if it has changed them, else `readFrom`. */
function useReadAt(positions: ReturnType<typeof usePositions>, sale: ReturnType<typeof useSaleState>) {
  const [reads, setReads] = useState(0);
  function readAt(block: bigint) {
    setReads((running) => running + 1);
    void positions.refetchAt(Number(block)).finally(() => setReads((running) => running - 1));
    sale.refetch();
  }
  function readFrom(block: bigint) {
    positions.refetchFrom(Number(block));
    sale.refetch();
  }
  return { isReading: reads > 0, readAt, readFrom };
}

function takesCommitments(state: SaleState | undefined): boolean {
  return state?.stage === "commitment" && !state.paused && !state.pausedBySite;
}

/** Brings together sale, position, wallet, Sonar's check and the pending transaction, for one entity. */
export function usePurchase({ settings, chain, entity }: PurchaseArgs): UsePurchaseResult {
  const client = useQueryClient();
  const wallet = useWallet();
  const sale = useSaleState({ committing: true });
  const positions = usePositions(chain, sale.saleState?.stage);
  const { isReading, readAt, readFrom } = useReadAt(positions, sale);
  const { chainId, contract } = chain;
  const { viewKey } = useSessionStatus();
  const pending = usePendingTransaction({ chainId, contract, entityId: entity?.SaleSpecificEntityID ?? "0x" });
  const isSending = useIsSending();
  const check = usePurchaseCheck({
    saleUUID: settings.saleUUID,
    entityID: entity?.EntityID ?? "",
    walletAddress: connectedAddress(wallet.state) ?? "",
    sandboxOrigin: settings.sandboxOrigin,
  });
  const { position, flags } = usePositionOf(positions, entity, sale.saleState?.stage);
  const behind = behindOf(flags, positions, isReading);
  const permit = useFormPermit({
    chain,
    entityID: entity?.EntityID ?? "",
    walletAddress: usableWallet(wallet.state, chain) ?? "",
    check: check.read,
    wanted: takesCommitments(sale.saleState) && position.status === "ready" && !isPaidBack(position.value),
  });
  const phase = useSalePhase(sale, settings, permit.permit?.permit);
  useTellPermit(permit.permit?.permit);

  function onConfirmed(outcome: ConfirmedPurchase) {
    const rows = (entity && positionIn(positions.positions, entity.EntityID)?.rows) ?? [];
    if (entity) recordOutcome({ chainId, contract, viewKey }, entity.SaleSpecificEntityID, outcome, rows);
    // An approval that an earlier page load has sent changes no position.
    if (isApprovalStep(outcome.kind)) return readFrom(outcome.block);
    readAt(outcome.block);
    void client.invalidateQueries({ queryKey: COMMITMENTS_KEY });
  }

  return {
    state: {
      chain,
      sale: entitySale(phase, sale),
      wallet: wallet.state,
      position,
      check: check.read,
      pending: isSending || pending !== undefined,
      updating: isReading || behind !== undefined,
      ...flags,
      canCommit: entity === undefined || canTakePart(entity),
      ...(permit.refusal && { refusal: permit.refusal }),
    },
    wallet,
    check,
    permit,
    saleState: sale.saleState,
    reload: () => (sale.refetch(), positions.refetch()),
    updating: isReading || behind !== undefined,
    ...(behind && { behind }),
    reloading: sale.refreshing || positions.refreshing,
    seenBlock: seenBlockOf(positions, position),
    onConfirmed,
    onFailed: readFrom,
  };
}
