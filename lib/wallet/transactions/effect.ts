import { parseEventLogs, type Address, type Hex, type TransactionReceipt } from "viem";
import type { PendingTransaction } from "@/lib/purchase/pending";
import { isApprovalStep } from "@/lib/purchase/progress";
import { sumAmounts } from "@/lib/purchase/reduction";
import { saleAbi, tokenAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";

/** What one request changes on the chain, whoever carries it out in the end. Amounts in smallest units. */
export type Effect =
  | { of: "allowance"; wallet: Address; token: Address }
  /** `increment` is more than zero. `total`: the entity's, after it. */
  | { of: "commitment"; wallet: Address; entityId: Hex; token: Address; increment: bigint; total: bigint }
  /** A bid that adds nothing changes only its own terms. */
  | { of: "terms"; wallet: Address; entityId: Hex; price: bigint; lockup: boolean }
  | { of: "reduction"; wallet: Address; entityId: Hex; amount: bigint; total: bigint }
  | { of: "cancel"; wallet: Address; entityId: Hex }
  | { of: "refund"; wallet: Address; entityId: Hex };

/** The effect of a request that an earlier page load has stored; undefined if the record does not say enough to tell it from others. */
export function effectOf(pending: PendingTransaction): Effect | undefined {
  const { kind, wallet, entityId, token, terms } = pending;
  const [increment, total, amount] = [pending.increment, pending.total, pending.takenBack].map((digits) =>
    digits === undefined ? undefined : BigInt(digits),
  );
  if (isApprovalStep(kind)) return token && { of: "allowance", wallet, token };
  if (kind === "cancel" || kind === "refund") return { of: kind, wallet, entityId };
  if (total === undefined) return undefined;
  if (kind === "reduce") return amount === undefined ? undefined : { of: "reduction", wallet, entityId, amount, total };
  if (increment === 0n) return terms && { of: "terms", wallet, entityId, ...terms, price: BigInt(terms.price) };
  if (increment === undefined || token === undefined) return undefined;
  return { of: "commitment", wallet, entityId, token, increment, total };
}

const EVENTS = ["BidPlaced", "CommitmentIncreased", "CommitmentReduced", "WalletRefunded", "EntityRefunded"] as const;

/** The events of a receipt that the sale's contract has emitted about an entity. */
export function entityEvents({ logs }: TransactionReceipt, contract: Address, entityId: Hex) {
  const own = logs.filter(({ address }) => sameHex(address, contract));
  const events = parseEventLogs({ abi: saleAbi, eventName: [...EVENTS], logs: own });
  return events.filter(({ args }) => sameHex(args.entityID, entityId));
}

/** What the sale may take from a wallet by each approval in a receipt. */
export function approvalsIn(
  { logs }: TransactionReceipt,
  contract: Address,
  { token, wallet }: { token: Address; wallet: Address },
): bigint[] {
  const own = logs.filter(({ address }) => sameHex(address, token));
  const approvals = parseEventLogs({ abi: tokenAbi, eventName: "Approval", logs: own });
  const ours = approvals.filter(({ args }) => sameHex(args.owner, wallet) && sameHex(args.spender, contract));
  return ours.map(({ args }) => args.value);
}

/** The first run of neighbours with this sum; none where there is no such run. */
function runWithSum<Row extends { amount: bigint }>(rows: readonly Row[], wanted: bigint): Row[] {
  for (let from = 0; from < rows.length; from += 1) {
    let sum = 0n;
    for (let to = from; to < rows.length && sum < wanted; to += 1) {
      sum += rows[to]?.amount ?? 0n;
      if (sum === wanted) return rows.slice(from, to + 1);
    }
  }
  return [];
}

/**
 * What a receipt says was taken back from an entity by this request. A bundle can have others' operations beside a reduction, whose own events
 * follow each other; a call of the contract itself has no others.
 */
export function takenBackIn(
  receipt: TransactionReceipt,
  contract: Address,
  effect: Extract<Effect, { of: "reduction" | "cancel" }>,
) {
  const events = entityEvents(receipt, contract, effect.entityId);
  const reduced = events.flatMap(({ eventName, args }) => (eventName === "CommitmentReduced" ? [args] : []));
  const isBundle = !sameHex(receipt.to ?? undefined, contract);
  return effect.of === "reduction" && isBundle ? runWithSum(reduced, effect.amount) : reduced;
}

/**
 * True if the events of a receipt are those of this request. The success of a transaction says nothing: a bundle of an account that sends
 * through others (EIP-4337, EIP-7702) succeeds even when the operation in it fails, and a wallet may name any transaction (issue 13).
 */
export function hasEvents(receipt: TransactionReceipt, contract: Address, effect: Effect): boolean {
  if (effect.of === "allowance") return approvalsIn(receipt, contract, effect).length > 0;
  const events = entityEvents(receipt, contract, effect.entityId);
  const bids = events.flatMap(({ eventName, args }) =>
    eventName === "BidPlaced" && sameHex(args.wallet, effect.wallet) ? [args.bid] : [],
  );
  switch (effect.of) {
    case "commitment":
      return bids.some(({ amount }) => amount === effect.total);
    case "terms":
      return bids.some(({ price, lockup }) => price === effect.price && lockup === effect.lockup);
    case "reduction":
      return sumAmounts(takenBackIn(receipt, contract, effect)).amount === effect.amount;
    case "cancel":
      // A reduction has the same events: see `proves`.
      return takenBackIn(receipt, contract, effect).length > 0;
    case "refund":
      return events.some(({ eventName }) => eventName === "EntityRefunded");
  }
}
