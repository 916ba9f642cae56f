import { SaleEligibility } from "@echoxyz/sonar-core";
import { expect, it } from "vitest";
import { chooseEntity } from "@/lib/sonar/choose-entity";
import { someEntity } from "@/tests/support/some-entity";

const ada = someEntity({ EntityID: "ada" });
const company = someEntity({ EntityID: "company", Label: "Company" });
const refused = someEntity({ EntityID: "refused", SaleEligibility: SaleEligibility.NOT_ELIGIBLE });

it("the best entity that can take part is chosen until the user chooses another", () => {
  expect(chooseEntity([company, refused, ada], undefined)).toBe(ada);
  expect(chooseEntity([company, refused, ada], "company")).toBe(company);
});

it("a wish for an entity that is not on the list, or cannot take part, counts for nothing", () => {
  expect(chooseEntity([company, ada], "somebody-else")).toBe(ada);
  expect(chooseEntity([ada, refused], "refused")).toBe(ada);
});

it("nobody is chosen where nobody can take part", () => {
  expect(chooseEntity([refused], "refused")).toBeUndefined();
  expect(chooseEntity([], undefined)).toBeUndefined();
});
