import type { SaleReader } from "../../chain/sale-reader";
import { makeCommitment } from "./commitment";
import type { Commitment } from "./commitment";

/** What the sale's contract gives for one entity. */
export type ChainCommitment = Awaited<ReturnType<SaleReader["commitments"]>>[number];

/** The API's rows for what is on the chain. An entity that has cancelled, with nothing committed any more, has none. */
export function toCommitments(data: readonly ChainCommitment[]): Commitment[] {
  return data.flatMap((entity) => {
    const amounts = entity.amounts.filter(({ amount }) => amount > 0n);
    if (amounts.length === 0) return [];
    const wire = amounts.map(({ wallet, token, amount }) => ({
      Wallet: wallet,
      Token: token,
      Amount: amount.toString(),
    }));
    const createdAt = Number(entity.timestamp) * 1000;
    return [makeCommitment(entity.saleSpecificEntityID, wire, createdAt, entity.price)];
  });
}
