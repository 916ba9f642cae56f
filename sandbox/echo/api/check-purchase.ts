import type { PersonaEntity } from "../personas/persona";

/** What PrePurchaseCheck answers. */
export interface PurchaseCheck {
  ReadyToPurchase: boolean;
  /** Empty when ready. */
  FailureReason: string;
  /** Empty unless the reason is "requires-liveness". */
  LivenessCheckURL: string;
}

/** What the decision depends on besides the entity. */
export interface CheckCircumstances {
  livenessPassed: boolean;
  livenessUrl: string;
  /** Whether the entity's window is open. */
  open: boolean;
}

/** Decides whether an entity may purchase now (sonar.md 2.4). */
export function checkPurchase(entity: PersonaEntity, circumstances: CheckCircumstances): PurchaseCheck {
  const reason = failureReason(entity, circumstances);
  return {
    ReadyToPurchase: reason === "",
    FailureReason: reason,
    LivenessCheckURL: reason === "requires-liveness" ? circumstances.livenessUrl : "",
  };
}

function failureReason({ details, terms }: PersonaEntity, { livenessPassed, open }: CheckCircumstances): string {
  // Echo was seen to say "sale-not-active" for entities that are not verified or not eligible as well.
  if (!isCleared(details)) return "sale-not-active";
  const stated = terms.failureReason === "requires-liveness" && livenessPassed ? "" : terms.failureReason;
  if (stated !== "") return stated;
  return open ? "" : "outside-time-window";
}

function isCleared(details: PersonaEntity["details"]): boolean {
  return details.EntitySetupState === "complete" && details.SaleEligibility === "eligible";
}
