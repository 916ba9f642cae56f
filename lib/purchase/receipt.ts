import type { Hex } from "viem";
import { formatUtc } from "@/lib/calendar";
import type { SaleFacts } from "@/lib/config/site";
import { parseJson } from "@/lib/http/parse-json";
import {
  isCount,
  isDigits,
  isObject,
  isOptional,
  isTime,
  RECEIPT_PREFIX,
  type PendingScope,
} from "@/lib/purchase/pending";
import { isPaidBack, type Position } from "@/lib/purchase/position";
import { isApprovalStep, type ConfirmedPurchase, type TransactionKind } from "@/lib/purchase/progress";
import { isHex, sameHex } from "@/lib/sale/hex";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";
import { isCommitmentStage, type SalePhase } from "@/lib/sale/phase";

/** The owner of a receipt: the browser may get another user, who must never see it. */
export interface ReceiptScope extends PendingScope {
  /** See `SessionStatus.viewKey`. */
  viewKey: string;
}

/** A price and the tokens for it as they were shown, e.g. "0.0215 USDC" and "up to 5,837.2 ACME". */
export interface Expectation {
  price?: string;
  expected?: string;
}

/** A transaction that the chain has confirmed, as the browser stores it until its owner closes it. Amounts in smallest units. */
export interface StoredReceipt extends ReceiptScope, Expectation {
  kind: TransactionKind;
  hash?: Hex;
  wallet: Hex;
  block: string;
  token?: Hex;
  increment?: string;
  total?: string;
  takenBack?: string;
  returned?: string;
  asked?: string;
  expectedTotal?: string;
  /** Unix milliseconds. */
  at: number;
}

/** The amounts of an outcome that a receipt keeps. */
const AMOUNTS = ["increment", "total", "takenBack", "returned", "asked", "expectedTotal"] as const;

/** The storage key: there is at most one receipt per session, sale and entity. */
export function receiptKey({ viewKey, chainId, contract, entityId }: ReceiptScope): string {
  return `${RECEIPT_PREFIX}:${viewKey}:${chainId}:${contract.toLowerCase()}:${entityId.toLowerCase()}`;
}

/** The receipt of an outcome; undefined for an approval, which commits nothing. */
export function receiptOf(
  { viewKey, chainId, contract, entityId }: ReceiptScope,
  outcome: ConfirmedPurchase,
  more: Expectation & { at: number },
): StoredReceipt | undefined {
  const { kind, block, hash, wallet, token } = outcome;
  if (isApprovalStep(kind)) return undefined;
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, outcome[name]?.toString()]));
  return { viewKey, chainId, contract, entityId, kind, hash, wallet, token, block: `${block}`, ...amounts, ...more };
}

function bigintOf(digits: string | undefined): bigint | undefined {
  return digits === undefined ? undefined : BigInt(digits);
}

/** The outcome that a receipt is about. */
export function outcomeOfReceipt(receipt: StoredReceipt): ConfirmedPurchase {
  const { kind, hash, wallet, block, token } = receipt;
  const amounts = Object.fromEntries(AMOUNTS.map((name) => [name, bigintOf(receipt[name])]));
  return { kind, hash, wallet, block: BigInt(block), token, ...amounts };
}

/** True if the contract shows what a receipt says. Money that came back is known by what has come back in all: a later commitment is no sign. */
function isShown({ kind, total, takenBack, returned = takenBack }: StoredReceipt, position: Position): boolean {
  switch (kind) {
    case "commit":
      return total === undefined || position.bid.amount >= BigInt(total);
    case "reduce":
      return returned === undefined || position.total.returned >= BigInt(returned);
    case "cancel":
      return position.total.refundable === 0n;
    case "refund":
      return isPaidBack(position);
  }
}

/**
 * True if the contract does not show what a receipt says, at its block or a later one. Blocks can be replaced after a transaction was confirmed
 * (a reorganisation), and the commitment can have changed since.
 */
export function isOutdated(receipt: StoredReceipt, position: Position): boolean {
  if (position.block === undefined || position.block < BigInt(receipt.block)) return false;
  return !isShown(receipt, position);
}

const KINDS: readonly unknown[] = ["commit", "reduce", "cancel", "refund"] satisfies TransactionKind[];

function isRecord(value: unknown): value is Readonly<Record<keyof StoredReceipt, unknown>> {
  return isObject(value);
}

function isWords(value: unknown): boolean {
  return typeof value === "string" && value.length <= 200;
}

function isReceipt(value: unknown): value is StoredReceipt {
  return (
    isRecord(value) &&
    KINDS.includes(value.kind) &&
    isOptional(value.hash, (hash) => isHex(hash, 64)) &&
    [value.contract, value.wallet].every((address) => isHex(address, 40)) &&
    isHex(value.entityId, 32) &&
    isOptional(value.token, (token) => isHex(token, 40)) &&
    isDigits(value.block) &&
    AMOUNTS.every((name) => isOptional(value[name], isDigits)) &&
    [value.price, value.expected].every((words) => isOptional(words, isWords)) &&
    typeof value.viewKey === "string" &&
    isCount(value.chainId) &&
    isTime(value.at)
  );
}

/**
 * Reads the record stored under `receiptKey`; undefined for anything that is not a complete receipt of this session, sale and entity. Other
 * versions of this site, extensions and users write to the browser's storage too.
 */
export function parseReceipt(text: string | null, scope: ReceiptScope): StoredReceipt | undefined {
  if (text === null) return undefined;
  const value = parseJson(text);
  return isReceipt(value) && receiptKey(value) === receiptKey(scope) ? value : undefined;
}

/** True for two receipts of one transaction. */
export function isSameReceipt(one: StoredReceipt, other: StoredReceipt | undefined): boolean {
  return one.hash === undefined ? one.at === other?.at : sameHex(one.hash, other?.hash);
}

/** What a receipt tells, ready to be shown: of this browser's own transaction, or of one from the sale's history. */
export interface ReceiptFacts extends Expectation {
  kind: TransactionKind;
  /** E.g. "125.50 USDC"; absent where only the terms of a commitment changed, or the amount is not known. */
  amount?: string;
  /** The amount that was asked for, where another one was moved. */
  asked?: string;
  /** The entity's total after it, where that is another figure. */
  total?: string;
  /** The total that was expected, where the chain has another one. */
  expectedTotal?: string;
  /** Nothing is left of the commitment, which is final. */
  ended?: boolean;
  entityName: string;
  /** The wallet that sent it. */
  wallet: Hex;
  /** Absent if only the effect was noticed. */
  hash?: Hex;
  /** Unix milliseconds. */
  at: number;
}

/** The texts of a receipt in this browser. `token` names its amount, `totalSymbol` the tokens of the total. */
export function receiptFacts(
  receipt: StoredReceipt,
  { token, totalSymbol, entityName }: { token?: TokenUnit; totalSymbol?: string; entityName: string },
): ReceiptFacts {
  const { kind, wallet, hash, at, price, expected } = receipt;
  const { increment, total, takenBack, asked, expectedTotal } = outcomeOfReceipt(receipt);
  const moved = kind === "commit" ? increment : takenBack;
  const amount = token && moved ? formatTokenAmount(moved, token) : undefined;
  const sum = total === increment && expectedTotal === undefined ? undefined : total;
  const unit = token && { ...token, symbol: totalSymbol ?? token.symbol };
  return {
    kind,
    ...(amount && { amount }),
    ...(token && asked !== undefined && { asked: formatTokenAmount(asked, token) }),
    ...(sum !== undefined && unit && { total: formatTokenAmount(sum, unit) }),
    ...(unit && expectedTotal !== undefined && { expectedTotal: formatTokenAmount(expectedTotal, unit) }),
    ...(kind === "reduce" && total === 0n && { ended: true }),
    entityName,
    wallet,
    ...(hash && { hash }),
    at,
    ...(price !== undefined && { price }),
    ...(expected !== undefined && { expected }),
  };
}

/** The headings of receipts. */
const RECEIPT_TITLES: Record<TransactionKind, string> = {
  commit: "Your commitment is confirmed",
  reduce: "Your commitment is reduced",
  cancel: "Your commitment is cancelled",
  refund: "Your refund is paid",
};

/** The heading of a receipt. */
export function receiptTitle({ kind, ended }: Pick<ReceiptFacts, "kind" | "ended">): string {
  return ended ? "Your commitment has ended" : RECEIPT_TITLES[kind];
}

/** The facts that decide what comes next. */
interface NextInput {
  kind: TransactionKind;
  phase: SalePhase;
  /** True if a part of the commitment stays accepted. */
  keepsAccepted: boolean;
  /** Nothing is left of the commitment. */
  ended?: boolean;
  /** The site's own sentences. */
  texts: Pick<SaleFacts, "refund" | "afterClose">;
}

function untilClose(phase: SalePhase): string[] {
  if (phase.kind !== "open" || phase.closesAt === undefined) return [];
  return [`The sale closes at ${formatUtc(phase.closesAt)}. Until then you can add to your commitment.`];
}

/** What happens next, in its order, as far as it is still to come. */
export function nextSteps({ kind, phase, keepsAccepted, ended = false, texts }: NextInput): string[] {
  const { refund, afterClose } = texts;
  switch (kind) {
    case "commit":
      return [
        ...(isCommitmentStage(phase) ? ["It is listed with the sale's commitments in about a minute."] : []),
        ...untilClose(phase),
        ...(phase.kind === "done" ? [] : [afterClose, refund]),
      ];
    case "reduce":
      return ended ? [ENDED] : ["The rest stays committed.", afterClose];
    case "cancel":
      return keepsAccepted ? ["The accepted part stays in the sale.", afterClose] : [ENDED];
    case "refund":
      return keepsAccepted ? ["The accepted part stays in the sale."] : ["Nothing is left to do in this sale."];
  }
}

const ENDED = "This entity cannot commit to this sale again.";
