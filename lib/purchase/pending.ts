import type { Hex } from "viem";
import type { ApprovalStep, StateBefore, TransactionKind } from "@/lib/purchase/progress";
import { isHex } from "@/lib/sale/hex";
import { parseJson } from "@/lib/http/parse-json";

/** The purpose of a pending transaction. `reset-allowance` only prepares an approval. */
export type PendingKind = TransactionKind | ApprovalStep;

/** A transaction that is not confirmed yet, as the browser stores it across reloads. */
export interface PendingTransaction {
  kind: PendingKind;
  /** Absent if the wallet named none. */
  hash?: Hex;
  /** True while the wallet has not answered: it may send the transaction after this page is gone, or answer with an error and send it. */
  asked?: boolean;
  /** The state that the transaction changes; set if its effect is watched, because there is no hash or others have to sign. */
  before?: StateBefore;
  /** The same state, for a hash that no node may learn of. Nothing is said of it. */
  fallback?: StateBefore;
  chainId: number;
  contract: Hex;
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  wallet: Hex;
  /** The payment token, for commitments and their approvals, and for reductions of only one. */
  token?: Hex;
  /** The amount that the bid adds, in smallest units; for commitments and their approvals. */
  increment?: string;
  /** The entity's new total in smallest units; for commitments, their approvals, and reductions. */
  total?: string;
  /** The terms of a bid; its price is in ticks. */
  terms?: { price: string; lockup: boolean };
  /** The amount that a reduction takes back, in smallest units. */
  takenBack?: string;
  /** Later shows whether another transaction replaced this one; known once a node has the transaction. */
  nonce?: number;
  /** Unix milliseconds. */
  sentAt: number;
}

/** The sale and the entity that the page is about. */
export type PendingScope = Pick<PendingTransaction, "chainId" | "contract" | "entityId">;

/** Tells two transactions of one sale and entity apart. */
export function pendingId({ hash, sentAt }: Pick<PendingTransaction, "hash" | "sentAt">): string {
  return hash ?? `${sentAt}`;
}

/** The browser's records of transactions are under keys with these beginnings. The privacy page names them. */
export const PENDING_PREFIX = "sale-pending";
export const UNLISTED_PREFIX = "sale-unlisted";
export const RECEIPT_PREFIX = "sale-receipt";
export const SEEN_PREFIX = "sale-seen";

/** The tab's record of wallets that pay by approval. */
export const APPROVAL_KEY = "sale-approval";

/** The storage key: there is at most one pending transaction per sale and entity. */
export function pendingKey({ chainId, contract, entityId }: PendingScope): string {
  return `${PENDING_PREFIX}:${chainId}:${contract.toLowerCase()}:${entityId.toLowerCase()}`;
}

const KINDS: readonly unknown[] = [
  "commit",
  "reset-allowance",
  "approve",
  "reduce",
  "cancel",
  "refund",
] satisfies PendingKind[];

/** The checks of fields that a browser has stored, for other records of transactions too. */
export function isOptional(value: unknown, check: (value: unknown) => boolean): boolean {
  return value === undefined || check(value);
}

/** True for an amount or a block as decimal digits. */
export function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,78}$/.test(value);
}

/** True for a whole number that is not negative. */
export function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A date has no later time. */
const MAX_DATE_MS = 8.64e15;

/** True for a time in milliseconds that a date can have: others throw where they are shown. */
export function isTime(value: unknown): boolean {
  return isCount(value) && Number(value) < MAX_DATE_MS;
}

/** True for an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isRecord(value: unknown): value is Readonly<Record<keyof PendingTransaction, unknown>> {
  return isObject(value);
}

/** An amount, or a bid with its amount, its price, its lockup and whether it has ended. */
const BID_STATE = /^\d{1,78}:\d{1,78}:(?:true|false):(?:true|false)$/;

/** True for the state that a transaction of this kind changes: an allowance or what a wallet has committed, or else the entity's bid. */
function isStateBefore(state: unknown, { kind, increment }: Readonly<Record<"kind" | "increment", unknown>>): boolean {
  if (!isObject(state) || !isDigits(state.block)) return false;
  const isOfBid =
    kind === "reduce" || kind === "cancel" || kind === "refund" || (kind === "commit" && increment === "0");
  return isOfBid ? typeof state.value === "string" && BID_STATE.test(state.value) : isDigits(state.value);
}

function isTerms(value: unknown): boolean {
  return isObject(value) && isDigits(value.price) && typeof value.lockup === "boolean";
}

function isPending(value: unknown): value is PendingTransaction {
  return (
    isRecord(value) &&
    KINDS.includes(value.kind) &&
    isOptional(value.hash, (hash) => isHex(hash, 64)) &&
    isOptional(value.asked, (asked) => typeof asked === "boolean") &&
    isOptional(value.before, (state) => isStateBefore(state, value)) &&
    isOptional(value.fallback, (state) => isStateBefore(state, value)) &&
    (value.hash !== undefined || value.before !== undefined) &&
    isHex(value.contract, 40) &&
    isHex(value.entityId, 32) &&
    isHex(value.wallet, 40) &&
    isOptional(value.token, (token) => isHex(token, 40)) &&
    [value.increment, value.total, value.takenBack].every((amount) => isOptional(amount, isDigits)) &&
    isOptional(value.terms, isTerms) &&
    isOptional(value.nonce, isCount) &&
    isCount(value.chainId) &&
    isTime(value.sentAt)
  );
}

/**
 * Reads the record stored under `pendingKey`; undefined for anything that is not a complete record of this sale and entity. Other versions of
 * this site, extensions and users write to the browser's storage too.
 */
export function parsePending(text: string | null, scope: PendingScope): PendingTransaction | undefined {
  if (text === null) return undefined;
  const value = parseJson(text);
  return isPending(value) && pendingKey(value) === pendingKey(scope) ? value : undefined;
}
