import { describe, expect, it } from "vitest";
import { shownOf } from "@/app/_home/sending";
import type { StoredReceipt } from "@/lib/purchase/receipt";
import { someChain } from "@/tests/support/purchase/some-purchase";

const WALLET = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** An approval that this tab has seen confirmed in block 10. */
const approved = {
  running: false,
  error: undefined,
  pending: undefined,
  outcome: { kind: "approve", wallet: WALLET, block: 10n },
} as const;

/** The receipt of a commitment in a block. */
function receiptAt(block: string): StoredReceipt {
  const { chainId, contract } = someChain;
  return { kind: "commit", viewKey: "view", entityId: "0x01", wallet: WALLET, at: 1, chainId, contract, block };
}

describe("an approval that is confirmed", () => {
  it("has nothing committed yet", () => expect(shownOf(approved, undefined)).toBe("approval"));
  it("is not the earlier commitment's", () => expect(shownOf(approved, receiptAt("9"))).toBe("approval"));
  it("gives way to the commitment that another tab has made with it", () =>
    expect(shownOf(approved, receiptAt("11"))).toBe("receipt"));
});
