import type { Hex } from "viem";

/** What is sent: a bid, its cancellation, or the claim of what was not accepted. */
export type TransactionKind = "commit" | "cancel" | "refund";

/** One thing that happens between the press of the button and the chain's confirmation. */
export type SendStepId = "check" | "reset-allowance" | "approve" | "permit" | "sign" | "send" | "confirm";

/** How far one step is. */
export type SendStepState = "todo" | "now" | "done" | "failed" | "skipped";

/** A step as the page shows it. `hash` where it sent a transaction. */
export interface SendStep {
  id: SendStepId;
  state: SendStepState;
  hash?: Hex;
}

/** What the flow reports while it goes on. */
export type SendEvent =
  | { type: "started"; kind: TransactionKind }
  /** The way of funding is known: these steps are not needed, and all others are. */
  | { type: "skipped"; ids: readonly SendStepId[] }
  | { type: "began"; id: SendStepId }
  /** `nonce` once a node knows the transaction. */
  | { type: "sent"; id: SendStepId; hash: Hex; nonce?: number }
  | { type: "finished" }
  | { type: "failed" }
  | { type: "cleared" };

const STEPS: Record<TransactionKind, readonly SendStepId[]> = {
  commit: ["check", "reset-allowance", "approve", "permit", "sign", "send", "confirm"],
  cancel: ["check", "send", "confirm"],
  refund: ["check", "send", "confirm"],
};

/** Nobody knows before the check whether these are needed; shown and taken away again, they would make the page jump. */
const UNDECIDED: ReadonlySet<SendStepId> = new Set(["reset-allowance", "approve", "sign"]);

function update(
  steps: readonly SendStep[],
  applies: (step: SendStep, index: number) => boolean,
  state: SendStepState,
): SendStep[] {
  return steps.map((step, index) => (applies(step, index) ? { ...step, state } : step));
}

/** What comes before is over. What comes after is open again: a second attempt with a new permit begins in the middle. */
function begin(steps: readonly SendStep[], id: SendStepId): SendStep[] {
  const at = steps.findIndex((step) => step.id === id);
  const past = update(steps, ({ state }, index) => index < at && state === "now", "done");
  const future = update(past, ({ state }, index) => index > at && state !== "skipped", "todo");
  return update(future, (_, index) => index === at, "now");
}

/** What has been done stays so, also where a second attempt goes another way. */
function decide(step: SendStep, skipped: readonly SendStepId[]): SendStep {
  if (step.state !== "todo" && step.state !== "skipped") return step;
  return { ...step, state: skipped.includes(step.id) ? "skipped" : "todo" };
}

/** The steps after an event. A step that was skipped stays so unless it is begun. */
export function sendSteps(steps: readonly SendStep[], event: SendEvent): readonly SendStep[] {
  switch (event.type) {
    case "started":
      return STEPS[event.kind].map((id) => ({ id, state: UNDECIDED.has(id) ? "skipped" : "todo" }));
    case "skipped":
      return steps.map((step) => decide(step, event.ids));
    case "began":
      return begin(steps, event.id);
    case "sent":
      return steps.map((step) => (step.id === event.id ? { ...step, hash: event.hash } : step));
    case "finished":
      return update(steps, ({ state }) => state === "now" || state === "todo", "done");
    case "failed":
      return update(steps, ({ state }) => state === "now", "failed");
    case "cleared":
      return [];
  }
}

/** What a step is called, and what to do while it is under way. */
export interface SendStepWords {
  title: string;
  /** While it is under way. */
  hint?: string;
}

const WALLET = "Confirm in your wallet.";

const WORDS: Record<SendStepId, SendStepWords> = {
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

const SEND: Record<TransactionKind, string> = {
  commit: "Send the commitment",
  cancel: "Send the cancellation",
  refund: "Send the claim",
};

/** The words of one step of a kind of transaction. */
export function sendStepWords(kind: TransactionKind, id: SendStepId): SendStepWords {
  return id === "send" ? { ...WORDS.send, title: SEND[kind] } : WORDS[id];
}
