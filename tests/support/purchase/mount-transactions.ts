import { renderHook } from "@testing-library/react";
import type { Hex } from "viem";
import { vi } from "vitest";
import { usePurchaseTransactions } from "@/hooks/use-purchase-transactions";
import { pendingKey, type PendingTransaction } from "@/lib/purchase/pending";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import type { SaleResult } from "@/lib/wallet/transactions/transactions";
import { someChain as chain } from "@/tests/support/purchase/some-purchase";

/** The connected wallet. */
export const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
/** A wallet of somebody else, or of the same user later. */
export const OTHER_WALLET = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
/** The `SaleSpecificEntityID` that the hook is mounted for. */
export const ENTITY = "0x11111111111111111111111111111111";
/** The hash of this tab's transaction. */
export const HASH = `0x${"ab".repeat(32)}` as const;
/** The hash of another tab's transaction. */
export const OTHER_HASH = `0x${"cd".repeat(32)}` as const;

/** A commitment of 5 on top of 2. */
export const order: CommitOrder = {
  entityId: ENTITY,
  saleUUID: "sale",
  token: { address: WALLET, symbol: "USDC", decimals: 6 },
  increment: 5n,
  wantsLockup: false,
  expected: { amount: 7n, lockup: false, price: 0n },
  getPermit: () => Promise.reject(new Error("not asked for here")),
};

/** The sale and the entity. */
export const scope = { chainId: chain.chainId, contract: chain.contract, entityId: ENTITY } as const;
/** A commitment that was sent earlier. */
export const pending: PendingTransaction = {
  ...scope,
  kind: "commit",
  hash: HASH,
  wallet: WALLET,
  sentAt: 1,
  total: "7",
};
/** The answer to a confirmed request, with what the chain tells of it. */
export const CONFIRMED: SaleResult = {
  ok: true,
  confirmed: { hash: HASH, block: 9n, done: { token: order.token.address, increment: 5n, total: 7n, bidPrice: 0n } },
};

/** The transaction that the browser remembers as sent. */
export function remembered(): unknown {
  return JSON.parse(localStorage.getItem(pendingKey(scope)) ?? "null");
}

/** Mounts the hook as the page of one entity does. */
export function mount(entityId: Hex = ENTITY, seenBlock?: bigint) {
  const onConfirmed = vi.fn();
  const onFailed = vi.fn();
  const hook = renderHook(() =>
    usePurchaseTransactions({ chain, entityId, wallet: WALLET, seenBlock, onConfirmed, onFailed }),
  );
  return { ...hook, onConfirmed, onFailed };
}
