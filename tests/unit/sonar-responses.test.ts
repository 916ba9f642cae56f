import {
  EntitySetupState,
  EntityType,
  InvestingRegion,
  PrePurchaseFailureReason,
  SaleEligibility,
} from "@echoxyz/sonar-core";
import { describe, expect, it } from "vitest";
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

  it.each([
    { SaleSpecificEntityID: "0x12" },
    { SaleSpecificEntityID: `0x${"g".repeat(32)}` },
    { SaleSpecificEntityID: UUID.replace("-", "") },
    { SaleSpecificEntityID: `{${UUID}}` },
    { SaleSpecificEntityID: 7 },
    { EntityID: "" },
    { EntityID: null },
    { EntityID: 2 ** 53 },
    { EntitySetupState: null },
  ])("that cannot be understood is refused: %j", (broken) => {
    expect(schemas.readEntitySchema.safeParse({ Entity: { ...entity, ...broken } }).success).toBe(false);
  });

  it.each([null, [], "<html>", {}, { Entities: null }, { Entities: {} }])("list like %j is refused", (answer) => {
    expect(schemas.entitiesSchema.safeParse(answer).success).toBe(false);
  });
});

describe("the profile", () => {
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

  it("is never ready by accident", () => {
    const answers = ["true", 1, null, undefined].map((ready) => ({ ...check, ReadyToPurchase: ready }));
    for (const answer of answers) expect(schemas.prePurchaseCheckSchema.safeParse(answer).success).toBe(false);
  });
});

describe("commitment data", () => {
  const wallet = `0x${"ab".repeat(20)}`;
  const token = `0x${"cd".repeat(20)}`;
  const commitment = {
    CommitmentID: `0x${"ef".repeat(32)}`,
    SaleSpecificEntityID: `0x${ID}`,
    PriceNumerator: "5",
    PriceDenominator: "1",
    Amounts: [{ Wallet: wallet, Token: token, Amount: "1000000" }],
    CreatedAt: "2026-11-20T10:00:00.123456789Z",
    ExtraRaw: "0x01",
    ExtraDataParsed: { a: 1 },
  };
  const data = {
    TotalCommitmentAmount: "1000000",
    PaymentTokenDecimals: 6,
    UniqueCommitmentCount: 1,
    Commitments: [commitment],
  };

  function first(changes: object) {
    return schemas.commitmentDataSchema.parse({ ...data, Commitments: [{ ...commitment, ...changes }] }).Commitments[0];
  }

  it("is passed on as it is", () => {
    expect(schemas.commitmentDataSchema.parse(data)).toEqual(data);
  });

  it("keeps amounts as exact text", () => {
    const total = "9".repeat(78);
    expect(schemas.commitmentDataSchema.parse({ ...data, TotalCommitmentAmount: total })).toMatchObject({
      TotalCommitmentAmount: total,
    });
  });

  it.each(["1.5", "-1", "1e6", "0x10", "", " 1", 5])("is refused with the amount %j", (total) => {
    expect(schemas.commitmentDataSchema.safeParse({ ...data, TotalCommitmentAmount: total }).success).toBe(false);
  });

  it("may name the token Token or TokenAddress", () => {
    const amount = { Wallet: wallet, TokenAddress: token, Amount: "1000000" };
    expect(first({ Amounts: [amount] })?.Amounts).toEqual(commitment.Amounts);
  });

  it("is refused where an amount has no token", () => {
    expect(() => first({ Amounts: [{ Wallet: wallet, Amount: "1" }] })).toThrow();
  });

  it("may have ids without 0x and in capitals", () => {
    const ids = { CommitmentID: "EF".repeat(32), SaleSpecificEntityID: ID.toUpperCase() };
    expect(first(ids)).toEqual(commitment);
  });

  it.each(FORMS)("has its entity's id in one form, sent as %s", (sent) => {
    expect(first({ SaleSpecificEntityID: sent, CommitmentID: sent })).toEqual({
      ...commitment,
      CommitmentID: `0x${ID}`,
    });
  });

  it("may leave out what only some sales have", () => {
    const { ExtraRaw: _raw, ExtraDataParsed: _parsed, ...rest } = commitment;
    expect(schemas.commitmentDataSchema.parse({ ...data, Commitments: [rest] }).Commitments[0]?.ExtraRaw).toBe("0x");
  });
});
