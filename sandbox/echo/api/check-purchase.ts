import type { PersonaEntity } from "../personas/persona";

/** What PrePurchaseCheck answers. */
export interface PurchaseCheck {
  ReadyToPurchase: boolean;
  /** Empty when ready. */
  FailureReason: string;
  /** Empty unless the reason is "requires-liveness". */
  LivenessCheckURL: string;
}

/** Decides whether an entity may purchase now (sonar.md 2.4). */
export function checkPurchase(entity: PersonaEntity, livenessPassed: boolean, livenessUrl: string): PurchaseCheck {
  const reason = failureReason(entity, livenessPassed);
  return {
    ReadyToPurchase: reason === "",
    FailureReason: reason,
    LivenessCheckURL: reason === "requires-liveness" ? livenessUrl : "",
  };
}

function failureReason({ details, terms }: PersonaEntity, livenessPassed: boolean): string {
  // Echo was seen to say "sale-not-active" for entities that are not verified or not eligible as well.
  if (!isCleared(details)) return "sale-not-active";
  if (terms.failureReason === "requires-liveness" && livenessPassed) return "";
  if (terms.failureReason !== "") return terms.failureReason;
  return terms.window === "open" ? "" : "outside-time-window";
}

function isCleared(details: PersonaEntity["details"]): boolean {
  return details.EntitySetupState === "complete" && details.SaleEligibility === "eligible";
}
