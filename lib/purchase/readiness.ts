import type { PrePurchaseCheckResponse, PrePurchaseFailureReason } from "@echoxyz/sonar-core";
import { formatUtc } from "@/lib/calendar";
import type { SaleWindow } from "@/lib/sale/phase";
import type { Advice } from "@/lib/sale/problem";
import { checkWindow } from "@/lib/purchase/permit";

/** The way forward if Sonar does not clear a purchase. */
export type ReadinessAction =
  | { kind: "liveness"; url: string }
  /** Use another wallet: this one is refused. */
  | { kind: "other-wallet" }
  /** Link this wallet on Sonar, then check again. */
  | { kind: "link-wallet" }
  | { kind: "support" | "check-again" };

/** Sonar's answer to whether an entity may buy with a wallet now. */
export type PurchaseReadiness =
  { ready: true } | ({ ready: false; reason: `${PrePurchaseFailureReason}` } & Advice<ReadinessAction>);

type NotReady = Extract<PurchaseReadiness, { ready: false }>;

const CANNOT_NOW = "This entity cannot commit now. Its time window";

/** Without liveness, whose action contains a URL. */
const ADVICE: Record<Exclude<`${PrePurchaseFailureReason}`, "requires-liveness">, Advice<ReadinessAction>> = {
  "wallet-risk": {
    sentence: "This wallet did not pass the sale's risk screening. Use another wallet.",
    action: { kind: "other-wallet" },
  },
  "max-wallets-used": {
    sentence: "This entity has reached its wallet limit. Switch to a wallet that it has used before.",
    action: { kind: "other-wallet" },
  },
  "wallet-not-linked": {
    sentence: "This wallet is not linked to the entity. Link it on Sonar, then check again.",
    action: { kind: "link-wallet" },
  },
  "sale-not-active": {
    sentence: "The sale is not open to this entity now. Ask the operator of this site for details.",
    action: { kind: "support" },
  },
  "outside-time-window": {
    sentence: `${CANNOT_NOW} is not open.`,
    action: { kind: "check-again" },
  },
  unknown: {
    sentence:
      "Sonar did not approve this purchase, for a reason that this site does not know. Check again in a moment.",
    action: { kind: "check-again" },
  },
};

function livenessAdvice(url: string | undefined): Advice<ReadinessAction> {
  if (url !== undefined)
    return {
      sentence: "Sonar asks you to confirm your identity with a short face check. It opens in a new tab.",
      action: { kind: "liveness", url },
    };
  return {
    sentence:
      "Sonar asks for a face check, but its link is missing or unsafe. Check again, or ask the operator of this site.",
    action: { kind: "check-again" },
  };
}

function isKnownReason(reason: string): reason is keyof typeof ADVICE {
  return Object.hasOwn(ADVICE, reason);
}

/**
 * Explains a pre-purchase check to the user (sonar.md 2.4). The reason is plain text on the wire, so a missing or unlisted one becomes
 * "unknown". The check only advises: the contract decides.
 */
export function describeReadiness(
  check: PrePurchaseCheckResponse,
  { sandboxOrigin }: { sandboxOrigin?: string } = {},
): PurchaseReadiness {
  if (check.ReadyToPurchase) return { ready: true };
  if (check.FailureReason === "requires-liveness") {
    const advice = livenessAdvice(safeLivenessUrl(check.LivenessCheckURL, sandboxOrigin));
    return { ready: false, reason: "requires-liveness", ...advice };
  }
  const reason = isKnownReason(check.FailureReason) ? check.FailureReason : "unknown";
  return { ready: false, reason, ...ADVICE[reason] };
}

/** Not ready because of the time. With the window of the entity's permit, it says when that opens or ended. `now` in Unix seconds. */
export function outsideTimeWindow(window: SaleWindow | undefined, now: bigint): NotReady {
  const reason = "outside-time-window";
  const refusal = { ready: false, reason, ...ADVICE[reason] } as const;
  const checked = window && checkWindow(window, now);
  if (!checked || checked.ok) return refusal;
  const { opensAt, closesAt } = window;
  const when =
    checked.problem.kind === "window-not-open" ? `opens on ${formatUtc(opensAt)}` : `ended on ${formatUtc(closesAt)}`;
  return { ...refusal, sentence: `${CANNOT_NOW} ${when}.` };
}

/**
 * The URL of Sonar's face check, if it is safe to open: https, or in the sandbox the sandbox's own origin. It comes from an API, and a
 * `javascript:` URL would run in the user's session. Undefined if it is not safe.
 */
export function safeLivenessUrl(text: string, sandboxOrigin?: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  // "https://sonar@evil.example" looks like Sonar's at a glance.
  if (url.username !== "" || url.password !== "") return undefined;
  // The scheme is checked in addition to the origin: a blob: URL has the origin of the page that made it.
  const isSandbox = url.protocol === "http:" && url.origin === sandboxOrigin;
  return url.protocol === "https:" || isSandbox ? url.href : undefined;
}
