import type { GeneratePurchasePermitResponse } from "@echoxyz/sonar-core";
import type { Hex } from "viem";
import { planBid, isSameBid, type Bid, type BidPlan } from "@/lib/purchase/bid";
import type { PriceTick } from "@/lib/purchase/price";
import type { PaymentToken } from "@/lib/sale/state";
import { requireBid, requireWallet } from "@/lib/wallet/transactions/send";
import { PurchaseAborted } from "@/lib/wallet/transactions/send-errors";
import type { TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import {
  askRecent,
  readBalance,
  readChainTime,
  readDecimals,
  readSaleStage,
} from "@/lib/wallet/transactions/read-chain";
import { NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import { balanceTooLow, CONTRACT_ERRORS, type ContractErrorName } from "@/lib/purchase/errors/contract-errors";
import {
  COMMITMENT_CHANGED,
  decimalsDiffer,
  decimalsUnknown,
  errorOfProblem,
  STATE_UNREAD,
} from "@/lib/purchase/errors/purchase-error";
import { readPermit, checkPermit, type PurchasePermit, type ReadPermit } from "@/lib/purchase/permit";
import type { Checked, Problem } from "@/lib/sale/problem";

/** The commitment that the user confirmed, and the way to get its permit. Assembled once by the form's container, and never changed. */
export interface CommitOrder {
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
  saleUUID: string;
  token: PaymentToken;
  /** The decimals of the sale's payment tokens, as Sonar states them; absent while neither the page nor the server has read them. */
  paymentDecimals?: number;
  /** The sale's other tokens, to name where this one refuses the payment. */
  otherTokens?: readonly PaymentToken[];
  /** The amount to add, in smallest units. */
  increment: bigint;
  wantsLockup: boolean;
  /** In ticks, if the user had a choice. */
  price?: bigint;
  tick?: PriceTick;
  /** The bid as the user saw it on pressing the button; its amount is the new total. Nothing else is ever sent. */
  expected: Bid;
  /** Gets a fresh permit for this entity and account; rejects with a `FailureError`. */
  getPermit: () => Promise<GeneratePurchasePermitResponse>;
}

/** The entity's commitment as the user saw it, before the order. */
export function committedBefore({ increment, expected }: CommitOrder): bigint {
  return expected.amount - increment;
}

/** A problem that is found before the wallet is asked for the bid. */
function stopFor(problem: Parameters<typeof errorOfProblem>[0]): PurchaseAborted {
  const error = errorOfProblem(problem);
  return new PurchaseAborted({ ...error, sentence: `${error.sentence} ${NOTHING_SENT}` });
}

function stop(kind: ContractErrorName): PurchaseAborted {
  return new PurchaseAborted({ kind, ...CONTRACT_ERRORS[kind] });
}

/** Checked before an approval costs a fee, since the contract would refuse the bid after it. */
async function requireOpenSale(context: TransactionContext): Promise<void> {
  const state = await askRecent(context, (block) => readSaleStage(context, block));
  if (!state) throw new PurchaseAborted(STATE_UNREAD);
  const { stage, paused } = state;
  if (stage !== "commitment") throw stop("InvalidStage");
  if (paused) throw stop("SalePaused");
}

/** True if a bid is not the one that the user saw: another wallet of the entity has bid since, or something was taken back. */
function isOtherBid(bid: Bid, order: CommitOrder): boolean {
  return bid.amount !== committedBefore(order);
}

/** True if the entity's commitment has changed since the user pressed the button. Rejects where it cannot be read. */
export async function hasChanged(context: TransactionContext, order: CommitOrder): Promise<boolean> {
  return isOtherBid((await requireBid(context, order.entityId)).bid, order);
}

async function requireUnchanged(context: TransactionContext, order: CommitOrder): Promise<void> {
  const { bid, refunded } = await requireBid(context, order.entityId);
  if (refunded) throw stop("AlreadyRefunded");
  if (isOtherBid(bid, order)) throw new PurchaseAborted(COMMITMENT_CHANGED);
}

async function requireBalance(context: TransactionContext, order: CommitOrder): Promise<void> {
  const { token, increment } = order;
  const { publicClient, account } = context;
  const balance = await askRecent(context, (block) => readBalance(publicClient, token.address, account, block));
  if (balance === undefined) throw new PurchaseAborted(STATE_UNREAD);
  if (balance < increment) throw new PurchaseAborted(balanceTooLow(balance, increment, token));
}

/**
 * The decimals turn the amount that the user typed into the one that the wallet signs. The page has them from a node of the server's; if that
 * one lies, or is wrong, the sale would take a thousand times as much. So the browser asks its own node, and both must agree with Sonar. Often
 * both nodes are the same public one, so without Sonar nothing is sent.
 */
async function requireSameDecimals({ publicClient }: TransactionContext, order: CommitOrder): Promise<void> {
  const { token, paymentDecimals } = order;
  if (paymentDecimals === undefined) throw new PurchaseAborted(decimalsUnknown(token.symbol));
  const decimals = await readDecimals(publicClient, token.address);
  if (decimals !== token.decimals || paymentDecimals !== token.decimals)
    throw new PurchaseAborted(decimalsDiffer(token.symbol));
}

/** All checks that are possible before the wallet is asked for anything. Throws `PurchaseAborted`, or the errors of wallet and node. */
export async function checkOrder(context: TransactionContext, order: CommitOrder): Promise<void> {
  await requireWallet(context);
  await Promise.all([
    requireOpenSale(context),
    requireUnchanged(context, order),
    requireSameDecimals(context, order),
    requireBalance(context, order),
  ]);
}

/** A bid ready to be sent, its permit, and the permit's signature. */
export interface PreparedBid {
  plan: BidPlan;
  permit: PurchasePermit;
  permitSignature: Hex;
  /** Unix seconds of the latest block. */
  now: bigint;
}

function valueOf<Value, Kind extends string>(checked: Checked<Value, Kind>, stop: (problem: Problem<Kind>) => Error) {
  if (!checked.ok) throw stop(checked.problem);
  return checked.value;
}

/** The bid for this permit, on top of the entity's bid at this moment. */
async function planNow(context: TransactionContext, order: CommitOrder, read: ReadPermit): Promise<BidPlan> {
  const { bid: current, refunded } = await requireBid(context, order.entityId);
  const { permit, forcedLockup } = read;
  const { increment, wantsLockup, price, token, tick, expected } = order;
  // Checked before planning, which would only say that a total which has grown meanwhile is too high.
  if (!refunded && isOtherBid(current, order)) throw new PurchaseAborted(COMMITMENT_CHANGED);
  const input = { current, refunded, increment, permit, forcedLockup, wantsLockup, price, token, tick };
  const plan = valueOf(planBid(input), stopFor);
  if (!isSameBid(plan.bid, expected)) throw new PurchaseAborted(COMMITMENT_CHANGED);
  return plan;
}

/**
 * Gets a permit and plans the bid with it. Call it as late as possible: permits live ten minutes, and another wallet of the entity may bid
 * meanwhile. Throws `PurchaseAborted` if the permit is unusable, or if the bid would not be the one that the user saw.
 */
export async function prepareBid(context: TransactionContext, order: CommitOrder): Promise<PreparedBid> {
  const answer = await order.getPermit();
  const read = valueOf(readPermit(answer.PermitJSON), stopFor);
  const now = await readChainTime(context);
  if (now === undefined) throw new PurchaseAborted(STATE_UNREAD);
  const use = { saleUUID: order.saleUUID, entityID: order.entityId, wallet: context.account, now };
  const permit = valueOf(checkPermit(read.permit, use), stopFor);
  return { plan: await planNow(context, order, read), permit, permitSignature: answer.Signature, now };
}
