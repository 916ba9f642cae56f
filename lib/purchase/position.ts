import type { Address, ContractFunctionReturnType } from "viem";
import type { saleAbi } from "@/lib/sale/abi";
import type { Bid } from "@/lib/purchase/bid";
import type { SaleStage } from "@/lib/sale/state";
import { sameHex, shortenAddress } from "@/lib/sale/hex";
import type { SalePhase } from "@/lib/sale/phase";

/** One row of `entityStatesByIDs`; all zero for an entity that the contract does not know. */
export type EntityStateView = ContractFunctionReturnType<typeof saleAbi, "view", "entityStatesByIDs">[number];

type TokenAmounts = EntityStateView["walletStates"][number]["committedAmountByToken"];

/** Amounts in the payment token's smallest units. */
export interface PositionAmounts {
  /** In escrow or accepted. The contract does not lower it when it pays back after the settlement. */
  committed: bigint;
  /** Paid back before the settlement: the entity has cancelled or reduced, or the operator has taken the commitment down, in part or whole. */
  cancelled: bigint;
  /** Accepted by the sale. Until the sale is done, the operator can still change it. */
  accepted: bigint;
  /** The amount that cancelling, or a refund after the settlement, would pay back. */
  refundable: bigint;
  /** Paid back so far. */
  returned: bigint;
}

/** One wallet's commitment in one token. Refunds go to this wallet. */
export interface PositionRow extends PositionAmounts {
  wallet: Address;
  token: Address;
}

/**
 * Nothing committed; committed and may change; all cancelled, or taken down by the operator; allocation final; the rest refunded after the
 * settlement.
 */
export type PositionState = "none" | "committed" | "cancelled" | "settled" | "refunded";

/** An entity's position in the sale over all its wallets. Sums span tokens, which the contract treats as equal in value and decimals. */
export interface Position {
  state: PositionState;
  bid: Bid;
  total: PositionAmounts;
  rows: readonly PositionRow[];
  /** All wallets that the contract has tied to the entity, also without an amount: a bid may add none. */
  wallets: readonly Address[];
  /** The block that it was read at. */
  block?: bigint;
  /** The sale's stage at that block: in another one, nothing follows from this position. */
  stage?: SaleStage;
}

/** The positions of the user's entities in the sale. A list: an EntityID is any text of Sonar's, and an object has names of its own. */
export type Positions = readonly { entityID: string; position: Position }[];

/**
 * True for a position of another stage than the sale's present one: the sale and the positions are two reads, of which one can meet a node that is
 * behind, or fail for hours. It would tell the outcome of a sale before that is known.
 */
export function isOfOtherStage({ stage: read }: Position, stage: SaleStage | undefined): boolean {
  return read !== undefined && stage !== undefined && read !== stage;
}

/** The position of one entity; undefined while it is not known. */
export function positionIn(positions: Positions | undefined, entityId: string): Position | undefined {
  return positions?.find(({ entityID }) => entityID === entityId)?.position;
}

/**
 * The sentence about what was paid back before the settlement; undefined if nothing was. The contract does not record who caused it. Nor does
 * the stage tell: the operator can return to an earlier one, and can take a commitment down in any.
 */
export function returnedText({ state, total }: Position): string | undefined {
  if (state === "cancelled")
    return "This commitment was cancelled by the entity or taken down by the sale's operator. Everything was paid back.";
  if (state === "refunded" || total.cancelled === 0n) return undefined;
  return "A part was taken back by the entity or taken down by the sale's operator, and was paid back.";
}

/** True if an entity has, or had, anything in the sale. */
export function isHolding(position: Position | undefined): position is Position {
  return position !== undefined && position.state !== "none";
}

/** True once an entity's commitment has ended or been paid back, which is final. */
export function isPaidBack({ state }: Position): boolean {
  return state === "cancelled" || state === "refunded";
}

function amountOf(amounts: TokenAmounts, token: Address): bigint {
  const own = amounts.filter((entry) => sameHex(entry.token, token));
  return own.reduce((sum, { amount }) => sum + amount, 0n);
}

/**
 * After a refund the contract leaves `committed` unchanged and only sets `refunded`, so the open amount depends on both (sonar.md 4.8).
 * Otherwise a refund that has been paid would be offered again.
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
 * The contract's `refunded` means cancelled or paid back, and only the amounts tell which (sonar.md 4.8). Until the sale is done, an accepted
 * amount is not final: the operator can overwrite it, and the rest is not owed to anybody.
 */
function stateOf(view: EntityStateView, total: PositionAmounts, stage: SaleStage): PositionState {
  if (view.refunded) return total.committed === 0n && total.accepted === 0n ? "cancelled" : "refunded";
  if (total.committed === 0n && view.currentBid.amount === 0n) return "none";
  return stage === "done" ? "settled" : "committed";
}

/** An entity's position, from the chain and never from Sonar's list, which has only the 100 latest commitments (sonar.md 2.7). */
export function readPosition(view: EntityStateView, stage: SaleStage): Position {
  const rows = view.walletStates.flatMap((wallet) => walletRows(wallet, view.refunded));
  const total = sumOf(rows);
  const wallets = view.walletStates.map(({ addr }) => addr);
  return { state: stateOf(view, total, stage), bid: view.currentBid, total, rows, wallets };
}

/** An entity's way to get money back now. `problem` says why the connected wallet cannot be used for it. */
export type PositionAction =
  | { kind: "none" }
  /** `canReduce`: a part can be taken back instead of everything. */
  | { kind: "cancel"; canReduce?: true; problem?: string }
  | { kind: "claim-refund"; problem?: string }
  /** The operator sends the refund; the user has nothing to do. */
  | { kind: "refund-automatic" };

/** The facts that decide it. */
export interface PositionActionInput {
  phase: SalePhase["kind"];
  position: Position;
  claimRefundEnabled: boolean;
  reduceCommitmentEnabled: boolean;
  /** The connected wallet, if it is on the sale's chain. */
  wallet?: Address;
}

/** The contract accepts cancellations and claims only from wallets that are tied to the entity (sonar.md 4.8). */
function walletProblem({ position: { wallets }, wallet }: PositionActionInput): { problem?: string } {
  if (wallets.some((own) => sameHex(own, wallet))) return {};
  const names = wallets.map(shortenAddress).join(", ");
  if (wallet === undefined) return { problem: `Connect one of this entity's wallets on the sale's network: ${names}.` };
  return { problem: `Switch to one of this entity's wallets: ${names}.` };
}

/**
 * The way to get money back that is open for this position. The contract takes reductions in the stage of cancellations only, and also there
 * nothing of the accepted part. After a refund nothing is left to claim, although the contract still shows amounts.
 */
export function positionAction(input: PositionActionInput): PositionAction {
  const { phase, position, claimRefundEnabled, reduceCommitmentEnabled } = input;
  if (position.total.refundable === 0n) return { kind: "none" };
  if (phase === "cancellation" && position.state === "committed")
    return { kind: "cancel", ...(reduceCommitmentEnabled && { canReduce: true }), ...walletProblem(input) };
  if (phase !== "done") return { kind: "none" };
  return claimRefundEnabled ? { kind: "claim-refund", ...walletProblem(input) } : { kind: "refund-automatic" };
}

/** Addresses of the tokens in one of an entity's sums; if the sum is zero, of all tokens that the entity has paid with. */
export function sumTokens(rows: readonly PositionRow[], amount: keyof PositionAmounts): PositionRow["token"][] {
  const counted = rows.filter((row) => row[amount] > 0n);
  return (counted.length > 0 ? counted : rows).map(({ token }) => token);
}

/**
 * Addresses of the tokens in an entity's total, including an amount that is about to be added: in smallest units, 0 if only the price or the
 * lockup changes.
 */
export function totalTokens(
  rows: readonly PositionRow[],
  added?: { token: PositionRow["token"]; amount: bigint },
): PositionRow["token"][] {
  const held = rows.filter(({ committed }) => committed > 0n).map(({ token }) => token);
  return added && added.amount > 0n ? [...held, added.token] : held;
}
