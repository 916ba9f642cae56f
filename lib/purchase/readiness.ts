import type { PrePurchaseCheckResponse, PrePurchaseFailureReason } from "@echoxyz/sonar-core";
import { formatUtc, type SaleWindow } from "@/lib/sale/phase";
import { checkWindow } from "@/lib/purchase/permit";

/** The way forward when a check before the purchase failed. */
export type ReadinessAction =
  | { kind: "liveness"; url: string }
  /** Connect a wallet that has not been used, or one that has. */
  | { kind: "other-wallet" | "earlier-wallet" }
  /** Link this wallet on Sonar, then check again. */
  | { kind: "link-wallet" }
  | { kind: "wait" | "support" | "retry" };

/** Whether an entity may buy with a wallet now, in words. */
export type PurchaseReadiness =
  { ready: true } | { ready: false; reason: `${PrePurchaseFailureReason}`; sentence: string; action: ReadinessAction };

type NotReady = Extract<PurchaseReadiness, { ready: false }>;

type Answer = Omit<NotReady, "ready" | "reason">;

const CANNOT_NOW = "This entity cannot commit at this time; its own window to commit";

/** Liveness has an action of its own: it carries an address. */
const ANSWERS: Record<Exclude<`${PrePurchaseFailureReason}`, "requires-liveness">, Answer> = {
  "wallet-risk": {
    sentence: "This wallet did not pass the sale's risk screening. Use another wallet.",
    action: { kind: "other-wallet" },
  },
  "max-wallets-used": {
    sentence: "This entity has used as many wallets as it may. Switch to one that it has used before.",
    action: { kind: "earlier-wallet" },
  },
  "wallet-not-linked": {
    sentence: "This wallet is not linked to the entity. Link it on Sonar, then check again.",
    action: { kind: "link-wallet" },
  },
  "sale-not-active": {
    sentence: "The sale is not open to this entity now. The operator of this site can tell you more.",
    action: { kind: "support" },
  },
  "outside-time-window": {
    sentence: `${CANNOT_NOW} is not open now.`,
    action: { kind: "wait" },
  },
  unknown: {
    sentence: "Sonar could not clear this purchase and gave no reason that this site knows. Check again in a moment.",
    action: { kind: "retry" },
  },
};

function livenessAnswer(url: string | undefined): Answer {
  if (url !== undefined)
    return {
      sentence: "Sonar wants to see that it is really you: a short face check that opens in a new tab.",
      action: { kind: "liveness", url },
    };
  return {
    sentence: "Sonar asks for a face check but gave no safe link to it. Check again, or ask the operator of this site.",
    action: { kind: "retry" },
  };
}

function isKnownReason(reason: string): reason is keyof typeof ANSWERS {
  return Object.hasOwn(ANSWERS, reason);
}

/**
 * What a pre-purchase check means for the user (sonar.md 2.4). The reason is plain text on the wire, so one that is not listed, or none at
 * all, is "unknown". The check only advises: the contract decides.
 */
export function describeReadiness(
  check: PrePurchaseCheckResponse,
  { sandboxOrigin }: { sandboxOrigin?: string } = {},
): PurchaseReadiness {
  if (check.ReadyToPurchase) return { ready: true };
  if (check.FailureReason === "requires-liveness") {
    const answer = livenessAnswer(safeLivenessUrl(check.LivenessCheckURL, sandboxOrigin));
    return { ready: false, reason: "requires-liveness", ...answer };
  }
  const reason = isKnownReason(check.FailureReason) ? check.FailureReason : "unknown";
  return { ready: false, reason, ...ANSWERS[reason] };
}

/** Not ready because of the time: with the window of the entity's permit also when that opens or ended. `now` in Unix seconds. */
export function outsideTimeWindow(window: SaleWindow | undefined, now: bigint): NotReady {
  const reason = "outside-time-window";
  const refusal = { ready: false, reason, ...ANSWERS[reason] } as const;
  const checked = window && checkWindow(window, now);
  if (!checked || checked.ok) return refusal;
  const { opensAt, closesAt } = window;
  const when =
    checked.problem.kind === "window-not-open" ? `opens at ${formatUtc(opensAt)}` : `ended at ${formatUtc(closesAt)}`;
  return { ...refusal, sentence: `${CANNOT_NOW} ${when}.` };
}

/**
 * The address of Sonar's face check, if it is one that may be opened: https, or in the sandbox the sandbox's own origin. It comes from an
 * API, and `javascript:` or a foreign http page in it would run in, or be trusted with, the user's session. Undefined when refused.
 */
export function safeLivenessUrl(text: string, sandboxOrigin?: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // "https://sonar@evil.example" looks like Sonar's at a glance.
  if (url.username !== "" || url.password !== "") return undefined;
  // The scheme is asked for beside the origin: a blob: URL has the origin of the page that made it.
  const isSandbox = url.protocol === "http:" && url.origin === sandboxOrigin;
  return url.protocol === "https:" || isSandbox ? url.href : undefined;
}
