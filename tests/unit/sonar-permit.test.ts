import { describe, expect, it } from "vitest";
import { purchasePermitSchema } from "@/lib/sonar/responses";

const ID = `0x${"0123456789abcdef".repeat(2)}`;
const Signature = `0x${"1f".repeat(65)}`;

const head = {
  SaleUUID: ID,
  Wallet: `0x${"ab".repeat(20)}`,
  ExpiresAt: 1_800_000_600,
  Payload: `0x${"0".repeat(63)}1`,
};
const v1 = { ...head, EntityID: ID };
const v2 = {
  ...head,
  SaleSpecificEntityID: ID,
  MinAmount: "0",
  MaxAmount: `${2n ** 256n - 1n}`,
  MinPrice: 1,
  MaxPrice: 9,
};
const v3 = { ...v2, OpensAt: 1_800_000_000, ClosesAt: 1_800_086_400 };
const allocation = { Permit: v1, ReservedAmount: "5", MaxAmount: "10", MinAmount: "1" };

function parse(PermitJSON: object, signature = Signature) {
  return purchasePermitSchema.safeParse({ PermitJSON, Signature: signature });
}

describe("a purchase permit", () => {
  it.each(Object.entries({ v1, v2, v3, allocation }))(
    "of the form %s keeps every field it was signed with",
    (_form, permit) => {
      expect(parse(permit).data).toEqual({ PermitJSON: permit, Signature });
    },
  );

  it("may have ids without 0x and in capitals", () => {
    const bare = { ...v3, SaleUUID: ID.slice(2).toUpperCase(), Payload: v3.Payload.slice(2) };
    expect(parse(bare, Signature.slice(2).toUpperCase()).data).toEqual({ PermitJSON: v3, Signature });
  });

  it.each([v2, v3, v1, allocation])(
    "may have its ids as UUIDs, and still encodes to the bytes that were signed: %j",
    (permit) => {
      const uuid = "01234567-89AB-cdef-0123-456789abcdef";
      const dashed: object = JSON.parse(JSON.stringify(permit).replaceAll(ID, uuid));
      expect(JSON.stringify(dashed)).toContain(uuid);
      expect(parse(dashed).data).toEqual({ PermitJSON: permit, Signature });
    },
  );

  it.each(["OpensAt", "ClosesAt", "ExpiresAt", "MinPrice", "MaxPrice"])(
    "whose %s is no whole number is refused, and not taken for an older form",
    (field) => {
      for (const value of [-1, 1.5, "1.5", "0x1", "", null, true, []]) {
        expect(parse({ ...v3, [field]: value }).success, String(value)).toBe(false);
      }
    },
  );

  it("may have its whole numbers as text", () => {
    const { ExpiresAt, MinPrice, MaxPrice, OpensAt, ClosesAt } = v3;
    const asText = Object.entries({ ExpiresAt, MinPrice, MaxPrice, OpensAt, ClosesAt }).map(([k, v]) => [k, String(v)]);
    expect(parse({ ...v3, ...Object.fromEntries(asText) }).data).toEqual({ PermitJSON: v3, Signature });
  });

  it("that opens but never closes is refused, and not taken for an older form", () => {
    const { ClosesAt: _closes, ...open } = v3;
    expect(parse(open).success).toBe(false);
  });

  it.each([
    { MaxAmount: 10 },
    { MaxAmount: "1e18" },
    { Wallet: "0x12" },
    { SaleUUID: "5a1e0000-7e57-4a1e-8b2c-2c0ffee5a1e" },
    { SaleSpecificEntityID: "5a1e00007e57-4a1e-8b2c-2c0f-fee5a1e1" },
    { Payload: "0x1" },
  ])("with a field of another kind is refused: %j", (broken) => {
    expect(parse({ ...v3, ...broken }).success).toBe(false);
  });

  it.each(["0x", `0x${"1f".repeat(64)}`, `0x${"1f".repeat(66)}`, "signature"])(
    "with the signature %s is refused",
    (text) => {
      expect(parse(v3, text).success).toBe(false);
    },
  );
});
