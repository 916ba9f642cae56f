import type { EntitySetupState, SaleEligibility } from "@echoxyz/sonar-core";
import type { SonarEntity } from "@/lib/sonar/entity";

/** The kind of news. The UI shows it as a colour, but never as the only sign of the meaning. */
export type Tone = "ok" | "warn" | "bad" | "quiet";

/** The next thing an entity's owner can do: take part, continue the hosted setup, wait, ask for help, or nothing. */
export type EntityNext = "ready" | "setup" | "wait" | "support" | "none";

/** One entity's state in words. */
export interface EntityDescription {
  badge: string;
  tone: Tone;
  sentence: string;
  next: EntityNext;
}

const PENDING: EntityDescription = {
  badge: "Pending",
  tone: "quiet",
  sentence: "Sonar reports a state that this site does not know yet. There is nothing to do now; check again later.",
  next: "wait",
};

type UnfinishedSetup = Exclude<`${EntitySetupState}`, "complete">;

const UNFINISHED: Record<UnfinishedSetup, EntityDescription> = {
  "not-started": {
    badge: "Not started",
    tone: "warn",
    sentence: "The identity check has not been started. You complete it on Sonar; it takes a few minutes.",
    next: "setup",
  },
  "in-progress": {
    badge: "In progress",
    tone: "warn",
    sentence: "The identity check is not finished. Sonar takes you to the next step.",
    next: "setup",
  },
  "ready-for-review": {
    badge: "Submitted",
    tone: "quiet",
    sentence: "Everything has been submitted and is waiting for review. There is nothing to do now.",
    next: "wait",
  },
  "in-review": {
    badge: "In review",
    tone: "quiet",
    sentence: "Sonar's compliance team is reviewing your details. There is nothing to do now.",
    next: "wait",
  },
  failure: {
    badge: "Needs attention",
    tone: "warn",
    sentence: "Part of the identity check was not accepted. You can correct it on Sonar.",
    next: "setup",
  },
  "failure-final": {
    badge: "Declined",
    tone: "bad",
    sentence: "The identity check was declined and cannot be repeated.",
    next: "support",
  },
  "technical-issue": {
    badge: "Technical issue",
    tone: "warn",
    sentence: "Sonar had a technical problem with this check; it was not caused by your details. Check again later.",
    next: "support",
  },
};

const COMPLETE: Record<`${SaleEligibility}`, EntityDescription> = {
  eligible: {
    badge: "Eligible",
    tone: "ok",
    sentence: "Eligible for this sale.",
    next: "ready",
  },
  "not-eligible": {
    badge: "Not eligible",
    tone: "bad",
    sentence: "Not eligible under the rules of this sale.",
    next: "none",
  },
  "unknown-setup-incomplete": {
    badge: "Not decided yet",
    tone: "warn",
    sentence: "Sonar has not decided yet whether this entity is eligible. Check on Sonar whether a step is missing.",
    next: "setup",
  },
};

function describeUnfinished(setup: UnfinishedSetup, eligibility: `${SaleEligibility}`): EntityDescription {
  const description = UNFINISHED[setup];
  if (eligibility !== "not-eligible" || setup === "failure-final") return description;
  return { ...description, sentence: `${description.sentence} Currently, it is not eligible for this sale.` };
}

function supportSentence(supportUrl: string | undefined): string {
  return supportUrl ? "Support can tell you more." : "The operator of this site can tell you more.";
}

/**
 * The meaning of an entity's state for its owner (sonar.md 2.2). Only states that the hosted setup can change lead there: connecting
 * again never advances a setup, and a value that this app does not know must not send anybody through KYC again.
 */
export function describeEntity(entity: SonarEntity, options: { supportUrl?: string } = {}): EntityDescription {
  if (entity.Pending) return PENDING;
  const setup: `${EntitySetupState}` = entity.EntitySetupState;
  if (setup === "complete") return COMPLETE[entity.SaleEligibility];
  const description = describeUnfinished(setup, entity.SaleEligibility);
  if (description.next !== "support") return description;
  return { ...description, sentence: `${description.sentence} ${supportSentence(options.supportUrl)}` };
}

/** " yet" if waiting or acting can still change it, so that nobody is given false hope. */
function yet(descriptions: readonly EntityDescription[]): string {
  return descriptions.some(({ tone }) => tone !== "bad") ? " yet" : "";
}

/** One sentence about all entities together: their number, and the number of those that can take part now. */
export function eligibilitySummary(entities: readonly SonarEntity[]): string {
  const descriptions = entities.map((entity) => describeEntity(entity));
  const total = entities.length;
  const ready = descriptions.filter(({ next }) => next === "ready").length;
  if (total === 0) return "There is no entity on your Sonar account yet.";
  if (total === 1)
    return ready === 1 ? "Your entity can take part." : `Your entity cannot take part${yet(descriptions)}.`;
  if (ready === 0) return `None of your ${total} entities can take part${yet(descriptions)}.`;
  if (ready === total) return `${total === 2 ? "Both" : `All ${total}`} of your entities can take part.`;
  return `${ready} of your ${total} entities can take part.`;
}
