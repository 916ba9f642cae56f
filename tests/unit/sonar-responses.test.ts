import {
  EntitySetupState,
  EntityType,
  InvestingRegion,
  PrePurchaseFailureReason,
  SaleEligibility,
} from "@echoxyz/sonar-core";
import { describe, expect, it } from "vitest";
import { entityName } from "@/lib/sonar/entity";
import * as schemas from "@/lib/sonar/responses";

const ID = "0123456789abcdef0123456789abcdef";
const UUID = "01234567-89ab-cdef-0123-456789abcdef";
/** The forms in which Sonar's documents and APIs write one id of 16 bytes. */
const FORMS = [
  ID,
  `0x${ID}`,
  `0X${ID.toUpperCase()}`,
  UUID,
  UUID.toUpperCase(),
  `0x${UUID}`,
  ` ${UUID}\n`,
  ` 0x${ID} `,
];

const entity = {
  Label: "Ada",
  EntityID: "AUX-1",
  SaleSpecificEntityID: `0x${ID}`,
  EntityType: "user",
  EntitySetupState: "complete",
  SaleEligibility: "eligible",
  InvestingRegion: "eu",
};

describe("an entity", () => {
  it.each(Object.values(EntitySetupState))("in the known setup state %s is as it is", (state) => {
    const parsed = schemas.entitySchema.parse({ ...entity, EntitySetupState: state });
    expect(parsed).toEqual({ ...entity, EntitySetupState: state, Pending: false });
  });

  it.each(Object.values(SaleEligibility))("of the known eligibility %s is as it is", (eligibility) => {
    const parsed = schemas.entitySchema.parse({ ...entity, SaleEligibility: eligibility });
    expect(parsed).toMatchObject({ SaleEligibility: eligibility, Pending: false });
  });

  it.each([{ EntitySetupState: "awaiting-stars" }, { SaleEligibility: "maybe" }, { EntitySetupState: "__proto__" }])(
    "in a state this app does not know (%j) waits, and is neither ready nor sent through setup again",
    (unknown) => {
      const parsed = schemas.entitySchema.parse({ ...entity, ...unknown });
      expect(parsed.Pending).toBe(true);
      const passive = [EntitySetupState.IN_REVIEW, EntitySetupState.COMPLETE];
      expect(passive).toContain(parsed.EntitySetupState);
      const ready = [parsed.EntitySetupState, parsed.SaleEligibility].join() === "complete,eligible";
      expect(ready).toBe(false);
    },
  );

  it("of an unknown type or region is shown with a neutral one", () => {
    const parsed = schemas.entitySchema.parse({ ...entity, EntityType: "trust", InvestingRegion: "moon" });
    expect(parsed).toMatchObject({ EntityType: EntityType.USER, InvestingRegion: InvestingRegion.UNKNOWN });
  });

  it.each(FORMS)("has its sale-specific id with 0x and without dashes, sent as %s", (sent) => {
    expect(schemas.entitySchema.parse({ ...entity, SaleSpecificEntityID: sent }).SaleSpecificEntityID).toBe(`0x${ID}`);
  });

  it.each([UUID, ` ${UUID.toUpperCase()}`, "AUX-1", "0xAB"])("keeps its Sonar-wide id %s as it is", (sent) => {
    expect(schemas.entitySchema.parse({ ...entity, EntityID: sent }).EntityID).toBe(sent);
  });

  it("whose Sonar-wide id comes as a number has it as text", () => {
    expect(schemas.entitySchema.parse({ ...entity, EntityID: 7 }).EntityID).toBe("7");
    expect(schemas.profileSchema.parse({ EntityID: 7 }).EntityID).toBe("7");
  });

  it("may have an empty label and fields this app does not know", () => {
    const list = schemas.entitiesSchema.parse({ Entities: [{ ...entity, Label: "", Score: 7 }], Next: "page" });
    expect(list).toEqual({ Entities: [{ ...entity, Label: "", Pending: false }] });
  });

  it("that is set up has its id in its label beside another one of the same name, and of no other", () => {
    const twin = { ...entity, SaleSpecificEntityID: `0x${"0".repeat(26)}b2eb5d` };
    const abandoned = { ...twin, EntitySetupState: "not-started" };
    const labels = (...list: object[]) => schemas.entitiesSchema.parse({ Entities: list }).Entities.map(entityName);
    expect(labels(entity, twin, abandoned)).toEqual([`Ada (…${ID.slice(-6)})`, "Ada (…b2eb5d)", "Ada"]);
    expect(labels(entity, abandoned, { ...twin, Label: "Company" })).toEqual(["Ada", "Ada", "Company"]);
    const spelt = labels({ ...entity, Label: "Jos\u00e9" }, { ...twin, Label: "Jose\u0301" });
    expect(spelt.every((label) => label.includes("(…"))).toBe(true);
    const [unnamed] = labels({ ...twin, Label: "" }, { ...entity, Label: " " });
    expect(unnamed).toMatch(/^Unnamed .*\(…b2eb5d\)$/);
  });

  it.each([
    { SaleSpecificEntityID: "0x12" },
    { SaleSpecificEntityID: `0x${"g".repeat(32)}` },
    { SaleSpecificEntityID: UUID.replace("-", "") },
    { SaleSpecificEntityID: `{${UUID}}` },
    { SaleSpecificEntityID: 7 },
    { EntityID: "" },
    { EntityID: null },
    { EntityID: 2 ** 53 },
  ])("that cannot be understood is refused: %j", (broken) => {
    expect(schemas.readEntitySchema.safeParse({ Entity: { ...entity, ...broken } }).success).toBe(false);
  });

  it.each([{ EntitySetupState: null }, { SaleEligibility: undefined }, { EntitySetupState: 4 }])(
    "without a state (%j) waits",
    (broken) => {
      expect(schemas.entitySchema.parse({ ...entity, ...broken }).Pending).toBe(true);
    },
  );

  it("is shown although its label, type or region is missing", () => {
    const { EntityID, SaleSpecificEntityID, EntitySetupState, SaleEligibility } = entity;
    const bare = { EntityID, SaleSpecificEntityID, EntitySetupState, SaleEligibility, Label: null, EntityType: null };
    const parsed = schemas.entitySchema.parse(bare);
    expect(parsed).toEqual({ ...entity, Label: "", InvestingRegion: "unknown", Pending: false });
  });
});

const investment = { CompanyName: "Acme", Round: "Seed", InvestedOn: "2024-05-04T00:00:00.000Z" };

describe.each([
  ["entities", schemas.entitiesSchema, "Entities", entity, { ...entity, Pending: false }],
  ["investments", schemas.investmentHistorySchema, "Investments", investment, investment],
] as const)("the list of %s", (_name, schema, key, row, parsed) => {
  it.each([{}, { [key]: null }, { [key]: [] }])("may be sent empty as %j", (answer) => {
    expect(schema.parse(answer)).toEqual({ [key]: [] });
  });

  it.each([null, [], "<html>", { [key]: {} }, { [key]: "" }, { unexpected: [1] }])("like %j is refused", (answer) => {
    expect(schema.safeParse(answer).success).toBe(false);
  });

  it("loses no more than the rows that cannot be read", () => {
    const broken = [null, "row", 7, [], {}, { ...row, SaleSpecificEntityID: 7, CompanyName: null }];
    expect(schema.parse({ [key]: [row, ...broken, row] })).toEqual({ [key]: [parsed, parsed] });
  });
});

describe("an earlier investment", () => {
  it.each([
    ["2024-05-04", "2024-05-04T00:00:00.000Z"],
    [1_714_780_800, "2024-05-04T00:00:00.000Z"],
    [null, ""],
    ["last year", ""],
  ])("of the day %j is shown with %j", (sent, wanted) => {
    const { Investments } = schemas.investmentHistorySchema.parse({
      Investments: [{ ...investment, InvestedOn: sent }],
    });
    expect(Investments).toEqual([{ ...investment, InvestedOn: wanted }]);
  });
});

describe("the profile", () => {
  it.each([null, "", 7])("whose email is sent as %j has none", (email) => {
    expect(schemas.profileSchema.parse({ EntityID: "AUX-1", EmailAddress: email }).EmailAddress).toBeUndefined();
  });

  it("may come without an email, and without anything else that was sent", () => {
    expect(schemas.profileSchema.parse({ EntityID: "AUX-1", Passport: "P1" })).toEqual({ EntityID: "AUX-1" });
  });
});

describe("the pre-purchase check", () => {
  const check = { ReadyToPurchase: false, FailureReason: "wallet-risk", LivenessCheckURL: "" };

  it.each(Object.values(PrePurchaseFailureReason))("tells the reason %s", (reason) => {
    expect(schemas.prePurchaseCheckSchema.parse({ ...check, FailureReason: reason }).FailureReason).toBe(reason);
  });

  it.each(["no-custom-commitment-amount-limit", undefined, null, 7])("takes the reason %j for unknown", (reason) => {
    expect(schemas.prePurchaseCheckSchema.parse({ ...check, FailureReason: reason }).FailureReason).toBe("unknown");
  });

  it("has an empty reason when ready", () => {
    const ready = { ReadyToPurchase: true, FailureReason: "", LivenessCheckURL: "" };
    expect(schemas.prePurchaseCheckSchema.parse(ready)).toEqual(ready);
  });

  it.each([true, "true", "TRUE", 1, "1"])("is ready if it says so: %j", (ready) => {
    expect(schemas.prePurchaseCheckSchema.parse({ ReadyToPurchase: ready }).ReadyToPurchase).toBe(true);
  });

  it.each([
    ["wallet-risk", "wallet-risk"],
    ["brand-new", "unknown"],
    [7, "unknown"],
  ])("is not ready if it gives a reason against itself: %j", (reason, told) => {
    const answer = { ReadyToPurchase: "true", FailureReason: reason, LivenessCheckURL: "" };
    expect(schemas.prePurchaseCheckSchema.parse(answer)).toEqual({
      ...answer,
      ReadyToPurchase: false,
      FailureReason: told,
    });
  });

  it.each([undefined, null, ""])("is ready without a reason: %j", (reason) => {
    const answer = { ReadyToPurchase: true, FailureReason: reason };
    expect(schemas.prePurchaseCheckSchema.parse(answer).ReadyToPurchase).toBe(true);
  });

  it.each([false, "false", 0, null, undefined, "", "yes", "ready", 2, {}, [true], "truefalse"])(
    "is never ready by accident: %j",
    (ready) => {
      const parsed = schemas.prePurchaseCheckSchema.parse({ ReadyToPurchase: ready, LivenessCheckURL: null });
      expect(parsed).toEqual({ ReadyToPurchase: false, FailureReason: "unknown", LivenessCheckURL: "" });
    },
  );
});
