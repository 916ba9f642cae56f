import type { Hex } from "viem";
import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import { readEntityBid } from "@/hooks/wallet/lazy/read-chain";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { planBid, type BidPlan } from "@/lib/sale/bid";
import { isSameBid } from "@/lib/sale/bid-rules";
import { readPermit, type PurchasePermit, type ReadPermit } from "@/lib/sale/permit";
import { checkPermit } from "@/lib/sale/permit-check";
import type { Checked, Problem } from "@/lib/sale/problem";
import { CHANGED_MEANWHILE, problemError } from "@/lib/sale/purchase-error";

/** A bid, the permit that allows it, and the permit's signature. */
export interface PlannedBid {
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

/** The bid for this permit on top of what the entity has at this moment. */
async function planNow(context: TransactionContext, order: CommitOrder, read: ReadPermit): Promise<BidPlan> {
  const { bid: current, refunded } = await readEntityBid(context, order.entityId);
  const { permit, forcedLockup } = read;
  const { increment, wantsLockup, price, token, tick, expected } = order;
  // Asked before the plan: of a total that has grown meanwhile, the plan would say that it is too high.
  if (!refunded && current.amount + increment !== expected.amount) throw new PurchaseStopped(CHANGED_MEANWHILE);
  const input = { current, refunded, increment, permit, forcedLockup, wantsLockup, price, token, tick };
  const plan = valueOf(planBid(input), (problem) => new PurchaseStopped(problemError(problem)));
  if (!isSameBid(plan.bid, expected)) throw new PurchaseStopped(CHANGED_MEANWHILE);
  return plan;
}

/**
 * Gets a permit and plans the bid with it. As late as possible: permits live ten minutes, and another wallet of the entity may bid meanwhile.
 * Throws `PurchaseStopped` when the permit cannot be used, or when the bid would not be the one that the user saw.
 */
export async function planBidNow(context: TransactionContext, order: CommitOrder): Promise<PlannedBid> {
  const answer = await order.getPermit();
  const stop = (problem: Parameters<typeof problemError>[0]) => new PurchaseStopped(problemError(problem));
  const read = valueOf(readPermit(answer.PermitJSON), stop);
  const { timestamp: now } = await context.publicClient.getBlock();
  const use = { saleUUID: order.saleUUID, entityID: order.entityId, wallet: context.account, now };
  const permit = valueOf(checkPermit(read.permit, use), stop);
  return { plan: await planNow(context, order, read), permit, permitSignature: answer.Signature, now };
}
