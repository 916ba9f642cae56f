import { parseAmount, type DecimalMark } from "@/lib/purchase/amount";
import type { PendingTransaction } from "@/lib/purchase/pending";
import type { Position, PositionRow } from "@/lib/purchase/position";
import { bidAmountBefore } from "@/lib/purchase/progress";
import { formatTokenAmount, symbolsAt, tokenAt, type TokenUnit } from "@/lib/sale/money";
import { sameHex, shortenAddress } from "@/lib/sale/hex";
import type { PaymentToken } from "@/lib/sale/state";

/** The contract's WalletTokenAmount: a part of one wallet's commitment in one token. It returns to that wallet. */
export type ReturnedAmount = Pick<PositionRow, "wallet" | "token"> & { amount: bigint };

/** The sum of amounts, with their token if it is only one. */
export function sumAmounts(rows: readonly Pick<ReturnedAmount, "token" | "amount">[]): {
  token: PositionRow["token"] | undefined;
  amount: bigint;
} {
  const [first, ...others] = rows;
  const isOne = others.every(({ token }) => sameHex(token, first?.token));
  return { token: isOne ? first?.token : undefined, amount: rows.reduce((sum, { amount }) => sum + amount, 0n) };
}

/** A reduction ready to be sent. Sums are over all wallets and tokens, in smallest units. */
export interface Reduction {
  rows: readonly ReturnedAmount[];
  /** The amount that is taken back. */
  amount: bigint;
  /** The entity's total before it, as the user saw it. */
  from: bigint;
  /** The entity's new total. */
  total: bigint;
}

/** The typed amounts to take back, by `rowKey`. */
export type ReductionDraft = Readonly<Record<string, string>>;

/** The key of a row in a draft. */
export function rowKey({ wallet, token }: Pick<PositionRow, "wallet" | "token">): string {
  return `${wallet} ${token}`.toLowerCase();
}

/** The rows that something can be taken back of: the accepted part of a commitment cannot. */
export function reducibleRows({ rows }: Pick<Position, "rows">): readonly PositionRow[] {
  return rows.filter(({ refundable }) => refundable > 0n);
}

/** What each wallet gets back by a cancellation, or by a refund. */
export function refundableRows(position: Pick<Position, "rows">): ReturnedAmount[] {
  return reducibleRows(position).map(({ wallet, token, refundable }) => ({ wallet, token, amount: refundable }));
}

/** The problem of a draft. `place` is the key of a row, or "form". `everything`: cancelling is the way to do this. */
export interface ReductionProblem {
  place: string;
  sentence: string;
  /** Nothing has been typed yet, which is not a mistake. */
  quiet?: boolean;
  everything?: boolean;
}

/** The reduction that a draft would send, or the first problem and its place. */
export type ReductionCheck = { ok: true; reduction: Reduction } | { ok: false; problem: ReductionProblem };

/** The facts that a draft is checked against. */
export interface ReductionTerms {
  position: Position;
  tokens: readonly PaymentToken[];
  decimalMark?: DecimalMark;
}

function at(place: string, sentence: string, more: Partial<ReductionProblem> = {}): ReductionCheck & { ok: false } {
  return { ok: false, problem: { place, sentence, ...more } };
}

function tooMuch({ wallet, refundable, accepted }: PositionRow, token: TokenUnit): string {
  const most = `The wallet ${shortenAddress(wallet)} can take back at most ${formatTokenAmount(refundable, token)}.`;
  if (accepted === 0n) return most;
  return `${most} ${formatTokenAmount(accepted, token)} was accepted and stays in the sale.`;
}

/** The amount to take back of one row; 0 where nothing was typed. */
function readRow(
  draft: ReductionDraft,
  row: PositionRow,
  { tokens, decimalMark }: ReductionTerms,
): { ok: true; amount: bigint } | (ReductionCheck & { ok: false }) {
  const key = rowKey(row);
  const token = tokenAt(tokens, row.token);
  const text = draft[key] ?? "";
  if (!token || text.trim() === "") return { ok: true, amount: 0n };
  const parsed = parseAmount(text, { token, decimalMark });
  if (!parsed.ok) {
    const { kind, sentence } = parsed.problem;
    if (kind === "zero") return { ok: true, amount: 0n };
    return at(key, kind === "negative" ? "Enter an amount above zero." : sentence);
  }
  return parsed.value > row.refundable ? at(key, tooMuch(row, token)) : { ok: true, amount: parsed.value };
}

/**
 * Checks a draft as the contract will. It also refuses a reduction to zero, which the contract takes: that ends the entity's part in the sale,
 * as a cancellation does, and a cancellation says so.
 */
export function checkReduction(draft: ReductionDraft, terms: ReductionTerms): ReductionCheck {
  const { position } = terms;
  const rows: ReturnedAmount[] = [];
  for (const row of reducibleRows(position)) {
    const read = readRow(draft, row, terms);
    if (!read.ok) return read;
    if (read.amount > 0n) rows.push({ wallet: row.wallet, token: row.token, amount: read.amount });
  }
  const amount = rows.reduce((sum, row) => sum + row.amount, 0n);
  const quiet = Object.values(draft).every((text) => text.trim() === "");
  if (amount === 0n) return at("form", "Enter an amount to take back.", { quiet });
  const from = position.bid.amount;
  if (amount >= from)
    return at("form", "This would take back everything, which is final. Leave a part committed, or cancel instead.", {
      everything: true,
    });
  return { ok: true, reduction: { rows, amount, from, total: from - amount } };
}

/** The button's label. The number on it is the number that is sent. */
export function reductionLabel(check: ReductionCheck, tokens: readonly PaymentToken[]): string {
  if (!check.ok) return "Take back";
  const { rows, amount } = check.reduction;
  const symbol = symbolsAt(
    rows.map(({ token }) => token),
    tokens,
  );
  const decimals = tokens[0]?.decimals ?? 0;
  return `Take back ${formatTokenAmount(amount, { symbol: symbol ?? "", decimals })}`.trimEnd();
}

type Waiting = Pick<PendingTransaction, "kind" | "before" | "total" | "wallet" | "token" | "increment">;

/**
 * What a wallet has committed of a token, if it has committed something else than it was asked to since; `before` counts all that it ever has.
 * Exactly that much is about to be noticed.
 */
function committedSince({ wallet, token, increment, before }: Waiting, { rows }: Pick<Position, "rows">) {
  const own = rows.find((row) => sameHex(row.wallet, wallet) && sameHex(row.token, token));
  if (!own || !before || increment === undefined || BigInt(increment) === 0n) return undefined;
  const added = own.committed + own.cancelled - BigInt(before.value);
  return added > 0n && added !== BigInt(increment) ? own.committed : undefined;
}

/**
 * An amount that has changed since a reduction or commitment was asked for, and not as that would change it: the entity's total, or what the
 * wallet has committed. Undefined where it has not changed, or for other transactions. Nothing then tells by the amounts alone whether the
 * request was carried out too.
 */
export function changedOtherwise(
  pending: Waiting,
  position: Pick<Position, "bid" | "block" | "rows">,
): bigint | undefined {
  const { kind, before, total } = pending;
  const { bid, block } = position;
  if (!before || block === undefined || block <= BigInt(before.block)) return undefined;
  if (kind === "commit") return committedSince(pending, position);
  if (kind !== "reduce" || total === undefined || bid.amount === BigInt(total)) return undefined;
  return bid.amount === bidAmountBefore(before) ? undefined : bid.amount;
}

/** The change may be the request's together with another one, or that of others alone: only the wallet knows. */
export function changedText(kind: "reduce" | "commit", amount: bigint, token: TokenUnit): string {
  const now = amount === 0n ? "nothing is committed any more" : `it is now ${formatTokenAmount(amount, token)}`;
  const where = "Check in your wallet, or in your multisig's app, whether this";
  if (kind === "commit")
    return `What this wallet has committed has changed meanwhile: ${now}. ${where} commitment was carried out, before you commit again.`;
  return `Your entity's commitment has changed in another way meanwhile: ${now}. ${where} reduction was carried out, before you ask for another.`;
}
