import {
  SaleEligibility as Eligibility,
  EntityType,
  SaleEligibility,
  EntitySetupState as Setup,
} from "@echoxyz/sonar-core";
import { describe, expect, it } from "vitest";
import type { SonarEntity } from "@/lib/sonar/entity";
import { choosableEntities, chooseEntity, rankEntities, withHeldEntity } from "@/lib/sonar/entity-choice";
import { someEntity } from "@/tests/support/purchase/some-purchase";

const BEST_FIRST = [
  someEntity({ EntityID: "ready" }),
  someEntity({ EntityID: "undecided", SaleEligibility: Eligibility.UNKNOWN_SETUP_INCOMPLETE }),
  someEntity({ EntityID: "in review", EntitySetupState: Setup.IN_REVIEW }),
  someEntity({ EntityID: "submitted", EntitySetupState: Setup.READY_FOR_REVIEW }),
  someEntity({ EntityID: "in progress", EntitySetupState: Setup.IN_PROGRESS }),
  someEntity({ EntityID: "failure", EntitySetupState: Setup.FAILURE }),
  someEntity({ EntityID: "not started", EntitySetupState: Setup.NOT_STARTED }),
  someEntity({ EntityID: "technical issue", EntitySetupState: Setup.TECHNICAL_ISSUE }),
  someEntity({ EntityID: "pending", Pending: true }),
  someEntity({ EntityID: "not eligible", SaleEligibility: Eligibility.NOT_ELIGIBLE }),
  someEntity({ EntityID: "declined", EntitySetupState: Setup.FAILURE_FINAL }),
];

function idsOf(entities: readonly { EntityID: string }[]): string[] {
  return entities.map(({ EntityID }) => EntityID);
}

function rotations<T>(list: readonly T[]): T[][] {
  return list.map((_, start) => [...list.slice(start), ...list.slice(0, start)]);
}

describe("rankEntities", () => {
  it("the order goes from ready now to never, whatever order Sonar sent", () => {
    for (const sent of [...rotations(BEST_FIRST), [...BEST_FIRST].reverse()]) {
      expect(idsOf(rankEntities(sent))).toEqual(idsOf(BEST_FIRST));
    }
  });

  it("an entity that is not eligible comes after every one that still may be, however far its setup is", () => {
    const refused = someEntity({
      EntityID: "refused",
      EntitySetupState: Setup.IN_REVIEW,
      SaleEligibility: Eligibility.NOT_ELIGIBLE,
    });
    const fresh = someEntity({ EntityID: "fresh", EntitySetupState: Setup.NOT_STARTED });
    expect(idsOf(rankEntities([refused, fresh]))).toEqual(["fresh", "refused"]);
  });

  it("equals are ordered by type, then label, then id", () => {
    const ordered = [
      someEntity({ Label: "B", EntityID: "9" }),
      someEntity({ Label: "Z", EntityID: "1" }),
      someEntity({ Label: "A", EntityID: "2", EntityType: EntityType.ORGANIZATION }),
      someEntity({ Label: "A", EntityID: "3", EntityType: EntityType.ORGANIZATION }),
    ];
    for (const sent of rotations(ordered)) expect(idsOf(rankEntities(sent))).toEqual(["9", "1", "2", "3"]);
  });

  it("the given list is not changed", () => {
    const sent = [...BEST_FIRST].reverse();
    rankEntities(sent);
    expect(idsOf(sent)).toEqual(idsOf([...BEST_FIRST].reverse()));
  });
});

const ada = someEntity({ EntityID: "ada" });
const company = someEntity({ EntityID: "company", Label: "Company" });
const refused = someEntity({ EntityID: "refused", SaleEligibility: SaleEligibility.NOT_ELIGIBLE });

const choose = (entities: SonarEntity[], preferredId?: string, held: string[] = []) =>
  chooseEntity(
    choosableEntities(entities, (id) => held.includes(id)),
    preferredId,
  );

it("nobody is chosen silently between several: only the user's own choice counts", () => {
  expect(choose([company, refused, ada])).toBeUndefined();
  expect(choose([company, refused, ada], "company")).toBe(company);
});

it("the only entity that can take part is chosen, and needs no choice", () => {
  expect(choose([refused, ada])).toBe(ada);
});

it("in place of a chosen entity that is not on the list, or can no longer take part, nobody else is chosen", () => {
  expect(choose([company, ada], "somebody-else")).toBeUndefined();
  expect(choose([ada], "somebody-else")).toBeUndefined();
  expect(choose([ada, refused], "refused")).toBeUndefined();
});

it("nobody is chosen where nobody can take part", () => {
  expect(choose([refused], "refused")).toBeUndefined();
  expect(choose([])).toBeUndefined();
});

it("an entity that has committed can be chosen, also when it cannot take part any more, and never silently beside another", () => {
  expect(choose([refused], undefined, ["refused"])).toBe(refused);
  expect(choose([ada, company, refused], undefined, ["refused"])).toBeUndefined();
  expect(choose([ada, refused], undefined, ["refused"])).toBeUndefined();
  expect(choose([ada, refused], "refused", ["refused"])).toBe(refused);
  expect(choose([ada, refused], "ada", ["refused"])).toBe(ada);
});

it("an entity that a wallet is asked for stays: as Sonar lists it now, or as it was where Sonar lists it no longer", () => {
  const now = { ...ada, SaleEligibility: SaleEligibility.NOT_ELIGIBLE };
  expect(withHeldEntity([company, ada], [company, ada], ada)).toEqual([company, ada]);
  expect(withHeldEntity([company], [company, now], ada)).toEqual([now, company]);
  expect(withHeldEntity([company], [company], ada)).toEqual([ada, company]);
  expect(withHeldEntity([company], [company], undefined)).toEqual([company]);
});
