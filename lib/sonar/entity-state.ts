import type { EntitySetupState, SaleEligibility } from "@echoxyz/sonar-core";
import type { SonarEntity } from "@/lib/sonar/entity";

/** How good the news is; the UI turns it into a colour and never into the only carrier of meaning. */
export type Tone = "ok" | "warn" | "bad" | "quiet";

/** What an entity's owner can do: take part, go on with the hosted setup, wait, ask for help, or nothing. */
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
  sentence: "Sonar reports a state that this site does not know yet. There is nothing to do now; look again later.",
  next: "wait",
};

type UnfinishedSetup = Exclude<`${EntitySetupState}`, "complete">;

const UNFINISHED: Record<UnfinishedSetup, EntityDescription> = {
  "not-started": {
    badge: "Not started",
    tone: "warn",
    sentence: "The identity check has not been started. It is done on Sonar and takes a few minutes.",
    next: "setup",
  },
  "in-progress": {
    badge: "In progress",
    tone: "warn",
    sentence: "Some steps of the identity check are still open. Sonar takes you to the next one.",
    next: "setup",
  },
  "ready-for-review": {
    badge: "Submitted",
    tone: "quiet",
    sentence: "Everything has been submitted and waits for review. There is nothing to do now.",
    next: "wait",
  },
  "in-review": {
    badge: "In review",
    tone: "quiet",
    sentence: "Sonar's compliance team is looking at the details. There is nothing to do now.",
    next: "wait",
  },
  failure: {
    badge: "Needs attention",
    tone: "warn",
    sentence: "Something in the identity check was not accepted. It can be corrected on Sonar.",
    next: "setup",
  },
  "failure-final": {
    badge: "Declined",
    tone: "bad",
    sentence: "The identity check was declined, and it cannot be repeated.",
    next: "support",
  },
  "technical-issue": {
    badge: "Technical issue",
    tone: "warn",
    sentence: "Sonar had a technical problem with this check; the details given are not at fault. Look again later.",
    next: "support",
  },
};

const COMPLETE: Record<`${SaleEligibility}`, EntityDescription> = {
  eligible: {
    badge: "Eligible",
    tone: "ok",
    sentence: "It can take part in this sale.",
    next: "ready",
  },
  "not-eligible": {
    badge: "Not eligible",
    tone: "bad",
    sentence: "The rules of this sale do not allow it to take part.",
    next: "none",
  },
  "unknown-setup-incomplete": {
    badge: "Eligibility open",
    tone: "warn",
    sentence: "Sonar cannot tell yet whether it is eligible. Sonar shows whether a step is left to finish.",
    next: "setup",
  },
};

function describeUnfinished(setup: UnfinishedSetup, eligibility: `${SaleEligibility}`): EntityDescription {
  const description = UNFINISHED[setup];
  if (eligibility !== "not-eligible" || setup === "failure-final") return description;
  return { ...description, sentence: `${description.sentence} As things stand, it is not eligible for this sale.` };
}

function supportSentence(supportUrl: string | undefined): string {
  return supportUrl ? "Support can tell you more." : "The operator of this site can tell you more.";
}

/**
 * What an entity's state means for its owner (sonar.md 2.2). Only states that the hosted setup can change lead there:
 * connecting again never advances a setup, and a value this app does not know must not send anybody through KYC again.
 */
export function describeEntity(entity: SonarEntity, options: { supportUrl?: string } = {}): EntityDescription {
  if (entity.Pending) return PENDING;
  const setup: `${EntitySetupState}` = entity.EntitySetupState;
  if (setup === "complete") return COMPLETE[entity.SaleEligibility];
  const description = describeUnfinished(setup, entity.SaleEligibility);
  if (description.next !== "support") return description;
  return { ...description, sentence: `${description.sentence} ${supportSentence(options.supportUrl)}` };
}

/** " yet" where waiting or acting can still change it: hope must not be held out where there is none. */
function yet(descriptions: readonly EntityDescription[]): string {
  return descriptions.some(({ tone }) => tone !== "bad") ? " yet" : "";
}

/** One sentence about all entities together: how many there are, and how many of them can take part now. */
export function eligibilitySummary(entities: readonly SonarEntity[]): string {
  const descriptions = entities.map((entity) => describeEntity(entity));
  const total = entities.length;
  const ready = descriptions.filter(({ next }) => next === "ready").length;
  if (total === 0) return "There is no entity on your Sonar account yet.";
  if (total === 1)
    return ready === 1 ? "Your entity can take part." : `Your entity cannot take part${yet(descriptions)}.`;
  if (ready === 0) return `None of your ${total} entities can take part${yet(descriptions)}.`;
  if (ready === total) return `All ${total} of your entities can take part.`;
  return `${ready} of your ${total} entities can take part.`;
}
