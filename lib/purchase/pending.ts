import type { Hex } from "viem";
import { isHex } from "@/lib/sale/hex";
import { parseJson } from "@/lib/http/parse-json";

/** What a transaction does that was sent and is not in a block yet. `reset-allowance`: it makes room for an approval, and approves nothing. */
export type PendingKind = "commit" | "reset-allowance" | "approve" | "cancel" | "refund";

/** A sent transaction, as the browser remembers it over a reload. */
export interface PendingTransaction {
  kind: PendingKind;
  hash: Hex;
  chainId: number;
  contract: Hex;
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  wallet: Hex;
  /** The payment token; for commitments and what comes before them. */
  token?: Hex;
  /** What the bid adds in smallest units; for commitments and what comes before them. */
  increment?: string;
  /** The entity's new total in smallest units; likewise. */
  total?: string;
  /** Tells later whether another transaction took its place; known once a node has the transaction. */
  nonce?: number;
  /** Unix milliseconds. */
  sentAt: number;
}

/** What the page is about: one sale and one entity. */
export type PendingScope = Pick<PendingTransaction, "chainId" | "contract" | "entityId">;

/** Where it is remembered: at most one for a sale and an entity. */
export function pendingKey({ chainId, contract, entityId }: PendingScope): string {
  return `sale-pending:${chainId}:${contract.toLowerCase()}:${entityId.toLowerCase()}`;
}

const KINDS: readonly unknown[] = ["commit", "reset-allowance", "approve", "cancel", "refund"] satisfies PendingKind[];

function isOptional(value: unknown, check: (value: unknown) => boolean): boolean {
  return value === undefined || check(value);
}

function isDigits(value: unknown): boolean {
  return typeof value === "string" && /^\d{1,78}$/.test(value);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<keyof PendingTransaction, unknown>> {
  return typeof value === "object" && value !== null;
}

function isPending(value: unknown): value is PendingTransaction {
  return (
    isRecord(value) &&
    KINDS.includes(value.kind) &&
    isHex(value.hash, 64) &&
    isHex(value.contract, 40) &&
    isHex(value.entityId, 32) &&
    isHex(value.wallet, 40) &&
    isOptional(value.token, (token) => isHex(token, 40)) &&
    [value.increment, value.total].every((amount) => isOptional(amount, isDigits)) &&
    isOptional(value.nonce, isCount) &&
    isCount(value.chainId) &&
    isCount(value.sentAt)
  );
}

/**
 * What was remembered under `pendingKey`; undefined for anything that is not a whole record of this sale and entity. Other versions of this
 * site, extensions and people write into the browser's storage too.
 */
export function parsePending(text: string | null, scope: PendingScope): PendingTransaction | undefined {
  if (text === null) return undefined;
  const value = parseJson(text);
  return isPending(value) && pendingKey(value) === pendingKey(scope) ? value : undefined;
}
