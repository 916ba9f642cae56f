import type { Allocation } from "./sale-control";
import type { SaleReader } from "./sale-reader";

/** One price step in micro-USD, and the sale's lowest price: 0.0215 payment units for one offered token. */
export const TICK_MICRO_USD = 21_500n;

/** Whole tokens on offer: so few that the bids of one test wallet move the clearing price. */
const TOKENS_ON_OFFER = 1_000_000n;

/** What every permit allows to bid in an auction, in price steps. */
export const AUCTION_BOUNDS = { minPrice: 2, maxPrice: 20 } as const;

/** A bid in an auction: the highest price that it pays, in steps, and its amount in smallest payment units. */
export interface AuctionBid {
  price: bigint;
  amount: bigint;
}

/** What all tokens on offer cost at a price, in smallest payment units. */
function costOfAll(price: bigint, tokensOnOffer: bigint): bigint {
  return price * tokensOnOffer * TICK_MICRO_USD;
}

/** A price of 0, which a bid in a fixed-price sale may have, means the fixed price of one step. */
export function effectivePrice(price: bigint): bigint {
  return price === 0n ? 1n : price;
}

/**
 * The clearing price in steps: the lowest one at which the bids above it buy no more than all tokens on offer. These are then accepted in
 * full, and those at the price share the rest. A step between the bids is the clearing price if the bids above it already buy almost everything.
 */
export function clearingPrice(bids: readonly AuctionBid[], tokensOnOffer = TOKENS_ON_OFFER): bigint {
  const one = costOfAll(1n, tokensOnOffer);
  let price = 1n;
  let above = 0n;
  // From the highest bid down: the bids that are at least this high need a price of so many steps, but never one above their own.
  for (const bid of bids.toSorted((a, b) => (a.price < b.price ? 1 : -1))) {
    above += bid.amount;
    const needed = (above + one - 1n) / one;
    const accepted = needed < bid.price ? needed : bid.price;
    if (accepted > price) price = accepted;
  }
  return price;
}

type EntityState = Awaited<ReturnType<SaleReader["entityStates"]>>[number];

/** The bids that the contract has. */
function bidsOnChain(entities: readonly EntityState[]): AuctionBid[] {
  return entities.map(({ currentBid }) => ({ price: effectivePrice(currentBid.price), amount: currentBid.amount }));
}

/**
 * Settles at the clearing price: bids above it are accepted in full, those at it share the tokens that are left, and those below it are refunded.
 * The shares are cut along their running sum, so that rounding loses nothing: together they are exactly what is left.
 */
export function auctionAllocations(entities: readonly EntityState[], tokensOnOffer = TOKENS_ON_OFFER): Allocation[] {
  const bids = bidsOnChain(entities);
  const price = clearingPrice(bids, tokensOnOffer);
  const sum = (wanted: (bid: AuctionBid) => boolean) =>
    bids.filter(wanted).reduce((total, { amount }) => total + amount, 0n);
  const above = sum((bid) => bid.price > price);
  const atPrice = sum((bid) => bid.price === price);
  const left = costOfAll(price, tokensOnOffer) - above;
  const shared = left < atPrice ? left : atPrice;
  let before = 0n;
  const accept = (amount: bigint, bid: bigint): bigint => {
    if (bid !== price) return bid > price ? amount : 0n;
    const upTo = (running: bigint) => (shared * running) / atPrice;
    before += amount;
    return upTo(before) - upTo(before - amount);
  };
  return entities.flatMap(({ entityID, currentBid, walletStates }) =>
    walletStates.flatMap(({ addr, committedAmountByToken }) =>
      committedAmountByToken
        .filter(({ amount }) => amount > 0n)
        .map(({ token, amount }) => ({
          saleSpecificEntityID: entityID,
          wallet: addr,
          token,
          acceptedAmount: accept(amount, effectivePrice(currentBid.price)),
        })),
    ),
  );
}
