import { renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useReceipt } from "@/hooks/use-receipt";
import { receiptKey, type StoredReceipt } from "@/lib/purchase/receipt";

const scope = {
  viewKey: "view",
  chainId: 31337,
  contract: `0x${"9f".repeat(20)}`,
  entityId: `0x${"11".repeat(16)}`,
} as const;
const kept: StoredReceipt = { ...scope, kind: "reduce", wallet: scope.contract, block: "120", takenBack: "5", at: 1 };

afterEach(() => localStorage.clear());

function foundAt(seenBlock: bigint) {
  localStorage.setItem(receiptKey(scope), JSON.stringify(kept));
  const onFound = vi.fn();
  renderHook(() => useReceipt(scope, { seenBlock, onFound }));
  return onFound;
}

it("a receipt of an earlier page load, newer than all that this page has read, makes the page read again", () => {
  expect(foundAt(119n)).toHaveBeenCalledExactlyOnceWith(kept);
});

it("a receipt whose block the page has read needs nothing", () => {
  expect(foundAt(120n)).not.toHaveBeenCalled();
});
