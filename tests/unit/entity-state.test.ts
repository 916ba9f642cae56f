import { EntitySetupState as Setup, SaleEligibility as Eligibility } from "@echoxyz/sonar-core";
import { describe, expect, it } from "vitest";
import { describeEntity, eligibilitySummary, type EntityNext, type Tone } from "@/lib/sonar/entity-state";
import { someEntity } from "@/tests/support/purchase/some-purchase";

const SETUPS = Object.values(Setup);
const ELIGIBILITIES = Object.values(Eligibility);

const UNFINISHED: [Setup, string, Tone, EntityNext][] = [
  [Setup.NOT_STARTED, "Not started", "warn", "setup"],
  [Setup.IN_PROGRESS, "In progress", "warn", "setup"],
  [Setup.READY_FOR_REVIEW, "Submitted", "quiet", "wait"],
  [Setup.IN_REVIEW, "In review", "quiet", "wait"],
  [Setup.FAILURE, "Needs attention", "warn", "setup"],
  [Setup.FAILURE_FINAL, "Declined", "bad", "support"],
  [Setup.TECHNICAL_ISSUE, "Technical issue", "warn", "support"],
];

const COMPLETE: [Eligibility, string, Tone, EntityNext][] = [
  [Eligibility.ELIGIBLE, "Eligible", "ok", "ready"],
  [Eligibility.NOT_ELIGIBLE, "Not eligible", "bad", "none"],
  [Eligibility.UNKNOWN_SETUP_INCOMPLETE, "Not decided yet", "warn", "setup"],
];

describe("describeEntity", () => {
  it.each(UNFINISHED)("setup %s is shown as %s, whatever the eligibility", (setup, badge, tone, next) => {
    for (const eligibility of ELIGIBILITIES) {
      const entity = someEntity({ EntitySetupState: setup, SaleEligibility: eligibility });
      expect(describeEntity(entity)).toMatchObject({ badge, tone, next });
    }
  });

  it.each(COMPLETE)("a complete setup goes by its eligibility: %s is shown as %s", (eligibility, badge, tone, next) => {
    expect(describeEntity(someEntity({ SaleEligibility: eligibility }))).toMatchObject({ badge, tone, next });
  });

  it("the tables above cover every setup state and every eligibility", () => {
    expect([...UNFINISHED.map(([setup]) => setup), Setup.COMPLETE].sort()).toEqual([...SETUPS].sort());
    expect(COMPLETE.map(([eligibility]) => eligibility).sort()).toEqual([...ELIGIBILITIES].sort());
  });

  it("every state has a sentence of its own", () => {
    const entities = [
      ...UNFINISHED.map(([setup]) => someEntity({ EntitySetupState: setup })),
      ...COMPLETE.map(([eligibility]) => someEntity({ SaleEligibility: eligibility })),
      someEntity({ Pending: true }),
    ];
    expect(new Set(entities.map((entity) => describeEntity(entity).sentence)).size).toBe(entities.length);
  });

  it("only an eligible entity whose setup is complete is ready", () => {
    const all = SETUPS.flatMap((setup) => ELIGIBILITIES.map((eligibility) => [setup, eligibility] as const));
    const ready = all.filter(
      ([EntitySetupState, SaleEligibility]) =>
        describeEntity(someEntity({ EntitySetupState, SaleEligibility })).next === "ready",
    );
    expect(ready).toEqual([[Setup.COMPLETE, Eligibility.ELIGIBLE]]);
  });

  it("a state this app does not know is passive in every combination, and never leads to the setup", () => {
    for (const EntitySetupState of SETUPS) {
      for (const SaleEligibility of ELIGIBILITIES) {
        const description = describeEntity(someEntity({ EntitySetupState, SaleEligibility, Pending: true }));
        expect(description).toMatchObject({ badge: "Pending", tone: "quiet", next: "wait" });
      }
    }
  });

  it("an unfinished entity that is already not eligible is told so before it goes on", () => {
    const refused = { EntitySetupState: Setup.IN_PROGRESS, SaleEligibility: Eligibility.NOT_ELIGIBLE };
    expect(describeEntity(someEntity(refused)).sentence).toContain("it is not eligible for this sale");
    expect(describeEntity(someEntity({ ...refused, SaleEligibility: Eligibility.ELIGIBLE })).sentence).not.toContain(
      "not eligible",
    );
  });

  it("a declined entity is sent to support, or to the operator where no support is named", () => {
    const declined = someEntity({ EntitySetupState: Setup.FAILURE_FINAL });
    expect(describeEntity(declined, { supportUrl: "https://help.example" }).sentence).toContain("Support can");
    expect(describeEntity(declined).sentence).toContain("The operator of this site can");
  });
});

describe("eligibilitySummary", () => {
  const ready = someEntity();
  const refused = someEntity({ SaleEligibility: Eligibility.NOT_ELIGIBLE });

  it.each([
    [[], "There is no entity on your Sonar account yet."],
    [[ready], "Your entity can take part."],
    [[someEntity({ EntitySetupState: Setup.IN_REVIEW })], "Your entity cannot take part yet."],
    [[refused], "Your entity cannot take part."],
    [[ready, ready], "Both of your entities can take part."],
    [[ready, refused, refused], "1 of your 3 entities can take part."],
    [[refused, someEntity({ Pending: true })], "None of your 2 entities can take part yet."],
    [[refused, refused], "None of your 2 entities can take part."],
  ])("%#: one sentence says how many can take part", (entities, sentence) => {
    expect(eligibilitySummary(entities)).toBe(sentence);
  });
});
