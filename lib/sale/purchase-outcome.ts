import type { Hex } from "viem";

/** What has come of a transaction that did what it was sent for. Amounts in the token's smallest units. */
export interface PurchaseOutcome {
  /** `reset-allowance` and `approve`: after a reload only; the commitment that they were for is still to be sent. */
  kind: "commit" | "reset-allowance" | "approve" | "cancel" | "refund";
  hash: Hex;
  /** The one that sent it: after a reload another may be connected, or none. */
  wallet: Hex;
  /** The block that has it: what is read from an older one does not know of it. */
  block: bigint;
  /** Of commitments and what comes before them: the token, what was added, and the entity's new total. */
  token?: Hex;
  increment?: bigint;
  total?: bigint;
}
