import type { PurchaseKind, PurchaseStepId } from "@/lib/sale/purchase-steps";

/** What a step is called, and what to do while it is under way. */
export interface PurchaseStepWords {
  title: string;
  /** While it is under way. */
  hint?: string;
}

const WALLET = "Confirm in your wallet.";

const WORDS: Record<PurchaseStepId, PurchaseStepWords> = {
  check: { title: "Check the sale and your wallet" },
  "reset-allowance": {
    title: "Reset the earlier approval",
    hint: `${WALLET} This token only takes a new approval from zero.`,
  },
  approve: { title: "Approve the amount", hint: `${WALLET} The sale may then take exactly this amount.` },
  permit: { title: "Get the permit from Sonar" },
  sign: {
    title: "Sign for the token",
    hint: "Sign in your wallet. This costs nothing and lets the sale take exactly this amount.",
  },
  send: { title: "Send the commitment", hint: WALLET },
  confirm: { title: "Wait for the chain", hint: "Sent. You may leave this page; it will be shown when you come back." },
};

const SEND: Record<PurchaseKind, string> = {
  commit: "Send the commitment",
  cancel: "Send the cancellation",
  refund: "Send the claim",
};

/** The words of one step of a kind of transaction. */
export function purchaseStepWords(kind: PurchaseKind, id: PurchaseStepId): PurchaseStepWords {
  return id === "send" ? { ...WORDS.send, title: SEND[kind] } : WORDS[id];
}
