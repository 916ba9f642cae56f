import type { Position, PositionRow } from "@/lib/purchase/position";
import type { PaymentToken } from "@/lib/sale/state";

/** A wallet of the entity. */
export const ANN: `0x${string}` = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const BEN = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
export const USDC: PaymentToken = {
  address: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  symbol: "USDC",
  decimals: 6,
};
export const USDT: PaymentToken = {
  address: "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512",
  symbol: "USDT",
  decimals: 6,
};
/** What the sale takes. */
export const TOKENS = [USDC, USDT];

/** What Ann or Ben has committed in one token. */
export function rowOf(who: "ann" | "ben", token: PaymentToken, refundable: bigint): PositionRow {
  const wallet = who === "ann" ? ANN : BEN;
  return { wallet, token: token.address, committed: refundable, cancelled: 0n, accepted: 0n, refundable, returned: 0n };
}

/** The position of an entity with two wallets, each with its own token; with whatever a test needs to be otherwise. */
export function twoWalletPosition(changes: Partial<Position> = {}): Position {
  const total = { committed: 135_500_000n, cancelled: 0n, accepted: 0n, refundable: 135_500_000n, returned: 0n };
  const rows = [rowOf("ann", USDC, 125_500_000n), rowOf("ben", USDT, 10_000_000n)];
  return { state: "committed", bid: { lockup: false, price: 0n, amount: 135_500_000n }, total, rows, ...changes };
}
