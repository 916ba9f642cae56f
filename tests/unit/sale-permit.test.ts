import { describe, expect, it } from "vitest";
import { readPermit } from "@/lib/sale/permit";
import { somePermit } from "@/tests/support/some-permit";

const { OpensAt: _opens, ClosesAt: _closes, ...v2 } = somePermit();
const { SaleSpecificEntityID, SaleUUID, Wallet, ExpiresAt, Payload } = v2;
const v1 = { EntityID: SaleSpecificEntityID, SaleUUID, Wallet, ExpiresAt, Payload };
const allocation = { Permit: v1, ReservedAmount: "5", MinAmount: "1", MaxAmount: "10" };

function problemOf(permit: Parameters<typeof readPermit>[0]): string | undefined {
  const read = readPermit(permit);
  return read.ok ? undefined : read.problem.kind;
}

describe("a current permit", () => {
  it("becomes the contract's tuple, value by value", () => {
    const wire = somePermit({ OpensAt: 100, MinPrice: 3, MaxPrice: 9, ClosesAt: Number.MAX_SAFE_INTEGER });
    expect(readPermit(wire)).toEqual({
      ok: true,
      value: {
        permit: {
          saleSpecificEntityID: wire.SaleSpecificEntityID,
          saleUUID: wire.SaleUUID,
          wallet: wire.Wallet,
          expiresAt: 4_102_444_800n,
          minAmount: 1_000_000n,
          maxAmount: 5_000_000_000n,
          minPrice: 3n,
          maxPrice: 9n,
          opensAt: 100n,
          closesAt: 9_007_199_254_740_991n,
          payload: wire.Payload,
        },
        forcedLockup: false,
      },
    });
  });

  it("may name no limit: amounts are exact up to the greatest uint256", () => {
    const greatest = 2n ** 256n - 1n;
    expect(readPermit(somePermit({ MaxAmount: `${greatest}` }))).toMatchObject({
      value: { permit: { maxAmount: greatest } },
    });
  });

  it.each([
    [`0x${"0".repeat(63)}1`, true],
    [`0x${"0".repeat(64)}`, false],
    [`0x${"0".repeat(63)}1${"ab".repeat(32)}`, true],
  ] as const)("with the payload %s forces a lockup: %s", (payload, forcedLockup) => {
    expect(readPermit(somePermit({ Payload: payload }))).toMatchObject({ value: { forcedLockup } });
  });
});

describe("a permit that cannot be used", () => {
  it.each([
    ["permit-v1", v1],
    ["permit-v2", v2],
    ["permit-allocation", allocation],
  ] as const)("of an older kind is %s", (kind, permit) => {
    expect(problemOf(permit)).toBe(kind);
  });

  it.each(["ExpiresAt", "OpensAt", "ClosesAt", "MinPrice", "MaxPrice"] as const)(
    "whose %s JSON has rounded is refused, and the number is named",
    (name) => {
      for (const value of [2 ** 53, 18_446_744_073_709_551_615, 1.5, -1, NaN, Infinity]) {
        const read = readPermit(somePermit({ [name]: value }));
        expect(read).toMatchObject({ problem: { kind: "inexact-integer", sentence: expect.stringContaining(name) } });
      }
    },
  );

  it("is refused for the very number that JSON.parse gives for the greatest uint64", () => {
    const text = JSON.stringify(somePermit()).replace('"MaxPrice":0', '"MaxPrice":18446744073709551615');
    expect(problemOf(JSON.parse(text))).toBe("inexact-integer");
  });

  it.each(["", "-1", "1.5", "1e18", "0x10", " 1", `${2n ** 256n}`])("with the amount %j is refused", (text) => {
    expect(problemOf(somePermit({ MinAmount: text }))).toBe("malformed-amount");
    expect(problemOf(somePermit({ MaxAmount: text }))).toBe("malformed-amount");
  });

  it.each(["0x", "0x01", `0x${"0".repeat(63)}2`, `0x1${"0".repeat(63)}`, `0x${"0".repeat(62)}`] as const)(
    "with the payload %s is refused, since the contract would revert without a reason",
    (payload) => {
      expect(problemOf(somePermit({ Payload: payload }))).toBe("malformed-payload");
    },
  );
});
