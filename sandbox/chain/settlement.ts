import type { Hex } from "viem";
import type { Allocation, SaleControl } from "./sale-control";
import type { SaleReader } from "./sale-reader";

/** Allocations of one transaction, so that it fits into a block. */
const BATCH = 50;

type EntityState = Awaited<ReturnType<SaleReader["entityStates"]>>[number];

/** Accepts a share of everything that is committed, in percent, each wallet's amount rounded down. Pure. */
export function shareOf(entities: readonly EntityState[], percent: number): Allocation[] {
  return entities.flatMap(({ entityID, walletStates }) =>
    walletStates.flatMap(({ addr, committedAmountByToken }) =>
      committedAmountByToken
        .filter(({ amount }) => amount > 0n)
        .map(({ token, amount }) => ({
          saleSpecificEntityID: entityID,
          wallet: addr,
          token,
          acceptedAmount: (amount * BigInt(percent)) / 100n,
        })),
    ),
  );
}

/** Entities that got back, after an earlier settlement, what was not accepted: nothing of that can be undone. */
export function refundedEntities(entities: readonly EntityState[]): Hex[] {
  const committed = ({ walletStates }: EntityState) =>
    walletStates.some(({ committedAmountByToken }) => committedAmountByToken.some(({ amount }) => amount > 0n));
  return entities.filter((entity) => entity.refunded && committed(entity)).map(({ entityID }) => entityID);
}

/** Takes the sale through the settlement stage to its end, from whatever stage it is in. */
export async function settle(sale: SaleControl, allocations: readonly Allocation[]): Promise<void> {
  await sale.setStage("Settlement");
  for (let start = 0; start < allocations.length; start += BATCH) {
    await sale.setAllocations(allocations.slice(start, start + BATCH));
  }
  await sale.finalizeSettlement(allocations.reduce((total, { acceptedAmount }) => total + acceptedAmount, 0n));
}
