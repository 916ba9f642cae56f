import type { Address, ContractFunctionReturnType } from "viem";
import type { saleAbi } from "@/lib/sale/abi";
import type { Bid } from "@/lib/purchase/bid";
import type { SaleStage } from "@/lib/sale/state";
import { shortenAddress } from "@/lib/sale/hex";
import type { SalePhase } from "@/lib/sale/phase";

/** One row of `entityStatesByIDs`; zeroed for an entity that the contract does not know. */
export type EntityStateView = ContractFunctionReturnType<typeof saleAbi, "view", "entityStatesByIDs">[number];

type TokenAmounts = EntityStateView["walletStates"][number]["committedAmountByToken"];

/** Amounts in the payment token's smallest units. */
export interface PositionAmounts {
  /** Still escrowed or accepted; the contract does not lower it when it pays back after the settlement. */
  committed: bigint;
  /** Taken back by cancelling or reducing. */
  cancelled: bigint;
  /** Taken by the sale; before it is done only by the operator's latest intention. */
  accepted: bigint;
  /** Would be paid back by cancelling, or by a refund after the settlement. */
  refundable: bigint;
  /** Has been paid back so far. */
  returned: bigint;
}

/** What one wallet has committed in one token; it is the one that gets it back. */
export interface PositionRow extends PositionAmounts {
  wallet: Address;
  token: Address;
}

/** Nothing yet; can change; all taken back; allocation known; the rest paid back after the settlement. */
export type PositionState = "none" | "committed" | "cancelled" | "settled" | "refunded";

/** What an entity holds in the sale, over all its wallets. Sums run over tokens, which the contract takes as equal in value and decimals. */
export interface Position {
  state: PositionState;
  bid: Bid;
  total: PositionAmounts;
  rows: readonly PositionRow[];
}

/** Whether an entity has anything in the sale, or has had. */
export function isHolding(position: Position | undefined): position is Position {
  return position !== undefined && position.state !== "none";
}

/** Whether an entity has cancelled or been paid back, which is final. */
export function isPaidBack({ state }: Position): boolean {
  return state === "cancelled" || state === "refunded";
}

function amountOf(amounts: TokenAmounts, token: Address): bigint {
  const own = amounts.filter((entry) => entry.token.toLowerCase() === token.toLowerCase());
  return own.reduce((sum, { amount }) => sum + amount, 0n);
}

/**
 * After a refund the contract leaves `committed` as it was and only sets `refunded`, so what is left to pay back must be asked of both
 * (sonar.md 4.8); else a refund that has been paid would be offered again.
 */
function amountsFrom(committed: bigint, cancelled: bigint, accepted: bigint, refunded: boolean): PositionAmounts {
  const open = committed - accepted;
  const [refundable, paidBack] = refunded ? [0n, open] : [open, 0n];
  return { committed, cancelled, accepted, refundable, returned: cancelled + paidBack };
}

function walletRows(wallet: EntityStateView["walletStates"][number], refunded: boolean): PositionRow[] {
  const { committedAmountByToken, cancelledAmountByToken, acceptedAmountByToken } = wallet;
  const all = [...committedAmountByToken, ...cancelledAmountByToken, ...acceptedAmountByToken];
  const tokens = new Map(all.map(({ token }) => [token.toLowerCase(), token]));
  return [...tokens.values()]
    .map((token) => ({
      wallet: wallet.addr,
      token,
      ...amountsFrom(
        amountOf(committedAmountByToken, token),
        amountOf(cancelledAmountByToken, token),
        amountOf(acceptedAmountByToken, token),
        refunded,
      ),
    }))
    .filter(({ committed, cancelled, accepted }) => committed > 0n || cancelled > 0n || accepted > 0n);
}

function sumOf(rows: readonly PositionRow[]): PositionAmounts {
  const sum = (name: keyof PositionAmounts) => rows.reduce((total, row) => total + row[name], 0n);
  return {
    committed: sum("committed"),
    cancelled: sum("cancelled"),
    accepted: sum("accepted"),
    refundable: sum("refundable"),
    returned: sum("returned"),
  };
}

/**
 * `refunded` stands for both cancelled and paid back; only the amounts tell which (sonar.md 4.8). Until the sale is done an accepted amount
 * is no allocation yet: the operator can overwrite it, and nobody is owed the rest.
 */
function stateOf(view: EntityStateView, total: PositionAmounts, stage: SaleStage): PositionState {
  if (view.refunded) return total.committed === 0n && total.accepted === 0n ? "cancelled" : "refunded";
  if (total.committed === 0n && view.currentBid.amount === 0n) return "none";
  return stage === "done" ? "settled" : "committed";
}

/** An entity's position, from the chain and never from Sonar's list, which holds the 100 latest commitments only (sonar.md 2.7). */
export function readPosition(view: EntityStateView, stage: SaleStage): Position {
  const rows = view.walletStates.flatMap((wallet) => walletRows(wallet, view.refunded));
  const total = sumOf(rows);
  return { state: stateOf(view, total, stage), bid: view.currentBid, total, rows };
}

/** What an entity can do about its position now. `problem`: why the connected wallet is not the one that can do it. */
export type PositionAction =
  | { kind: "none" }
  | { kind: "cancel" | "claim-refund"; problem?: string }
  /** The operator sends it; nobody has to do anything. */
  | { kind: "refund-automatic" };

/** What decides it. */
export interface PositionActionInput {
  phase: SalePhase["kind"];
  position: Position;
  claimRefundEnabled: boolean;
  /** The connected wallet, if it is on the sale's chain. */
  wallet?: Address;
}

/** The wallets that have committed for the entity, each once. */
function positionWallets({ rows }: Pick<Position, "rows">): Address[] {
  return [...new Map(rows.map(({ wallet }) => [wallet.toLowerCase(), wallet])).values()];
}

/** The contract takes cancellations and claims from the wallets of the entity only (sonar.md 4.8); it knows no others. */
function walletProblem({ position, wallet }: PositionActionInput): { problem?: string } {
  const wallets = positionWallets(position);
  if (wallets.some((own) => own.toLowerCase() === wallet?.toLowerCase())) return {};
  const names = wallets.map(shortenAddress).join(", ");
  if (wallet === undefined) return { problem: `Connect one of this entity's wallets on the sale's network: ${names}.` };
  return { problem: `Switch to one of this entity's wallets: ${names}.` };
}

/** Which way back is open for this position. After a refund nothing is left to claim, although the contract still shows amounts. */
export function positionAction(input: PositionActionInput): PositionAction {
  const { phase, position, claimRefundEnabled } = input;
  if (position.total.refundable === 0n) return { kind: "none" };
  if (phase === "cancellation" && position.state === "committed") return { kind: "cancel", ...walletProblem(input) };
  if (phase !== "done") return { kind: "none" };
  return claimRefundEnabled ? { kind: "claim-refund", ...walletProblem(input) } : { kind: "refund-automatic" };
}

/** Addresses of the tokens that one of an entity's sums is made of; where it is zero, of all that the entity has paid with. */
export function sumTokens(rows: readonly PositionRow[], amount: keyof PositionAmounts): PositionRow["token"][] {
  const counted = rows.filter((row) => row[amount] > 0n);
  return (counted.length > 0 ? counted : rows).map(({ token }) => token);
}

/**
 * Addresses of the tokens that an entity's total is made of, with what is added to it: `amount` in smallest units, 0 where only the price
 * or the lockup changes.
 */
export function totalTokens(
  rows: readonly PositionRow[],
  added?: { token: PositionRow["token"]; amount: bigint },
): PositionRow["token"][] {
  const held = rows.filter(({ committed }) => committed > 0n).map(({ token }) => token);
  return added && added.amount > 0n ? [...held, added.token] : held;
}
