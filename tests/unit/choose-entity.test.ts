import { SaleEligibility } from "@echoxyz/sonar-core";
import { expect, it } from "vitest";
import { chooseEntity, choosableEntities } from "@/lib/sonar/entity-choice";
import type { SonarEntity } from "@/lib/sonar/entity";
import { someEntity } from "@/tests/support/purchase/some-purchase";

const ada = someEntity({ EntityID: "ada" });
const company = someEntity({ EntityID: "company", Label: "Company" });
const refused = someEntity({ EntityID: "refused", SaleEligibility: SaleEligibility.NOT_ELIGIBLE });

const choose = (entities: SonarEntity[], wishedId?: string, held: string[] = []) =>
  chooseEntity(
    choosableEntities(entities, (id) => held.includes(id)),
    wishedId,
  );

it("the best entity that can take part is chosen until the user chooses another", () => {
  expect(choose([company, refused, ada])).toBe(ada);
  expect(choose([company, refused, ada], "company")).toBe(company);
});

it("a wish for an entity that is not on the list, or cannot take part, counts for nothing", () => {
  expect(choose([company, ada], "somebody-else")).toBe(ada);
  expect(choose([ada, refused], "refused")).toBe(ada);
});

it("nobody is chosen where nobody can take part", () => {
  expect(choose([refused], "refused")).toBeUndefined();
  expect(choose([])).toBeUndefined();
});

it("an entity that has committed is chosen before others, also when it cannot take part any more", () => {
  expect(choose([ada, company, refused], undefined, ["refused"])).toBe(refused);
  expect(choose([ada, company], undefined, ["company"])).toBe(company);
  expect(choose([ada, refused], "ada", ["refused"])).toBe(ada);
});
