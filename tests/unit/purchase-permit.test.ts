import { describe, expect, it } from "vitest";
import { readPermit, checkPermit, type PermitUse } from "@/lib/purchase/permit";
import { somePermit, someReadPermit } from "@/tests/support/purchase/some-purchase";

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

const currentPermit = someReadPermit({ ExpiresAt: 1_600, OpensAt: 1_000, ClosesAt: 2_000 });

const use: PermitUse = {
  saleUUID: "12345678-90ab-cdef-1234-567890abcdef",
  entityID: "11111111111111111111111111111111",
  wallet: currentPermit.wallet.toLowerCase(),
  now: 1_500n,
};

function useProblemOf(changes: Partial<PermitUse>, given = currentPermit) {
  const checked = checkPermit(given, { ...use, ...changes });
  return checked.ok ? undefined : checked.problem;
}

describe("a permit that is about to be used", () => {
  it("passes for its sale, entity and wallet, however their ids are written", () => {
    expect(useProblemOf({})).toBeUndefined();
    expect(
      useProblemOf({
        saleUUID: currentPermit.saleUUID.toUpperCase().replace("0X", "0x"),
        wallet: currentPermit.wallet,
      }),
    ).toBeUndefined();
    const uuid = currentPermit.saleUUID.slice(2).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    expect(useProblemOf({ saleUUID: ` ${uuid}` })).toBeUndefined();
  });

  it.each([
    [1_599n, undefined],
    [1_600n, "permit-expired"],
  ])("is valid before the second in which it expires: at %d", (now, kind) => {
    expect(useProblemOf({ now })?.kind).toBe(kind);
  });

  it.each([
    [999n, "window-not-open"],
    [1_000n, undefined],
    [1_999n, undefined],
    [2_000n, "window-closed"],
  ])("is for a window from its first second up to its last: at %d", (now, kind) => {
    const lasting = someReadPermit({ ExpiresAt: 9_000, OpensAt: 1_000, ClosesAt: 2_000 });
    expect(useProblemOf({ now }, lasting)?.kind).toBe(kind);
  });

  it("tells when the window opens and when it closed", () => {
    const times = { ExpiresAt: 1_900_000_000, OpensAt: 1_800_000_000, ClosesAt: 1_800_086_400 };
    const dated = someReadPermit(times);
    expect(useProblemOf({ now: 0n }, dated)?.sentence).toBe("You can commit from 15 Jan 2027, 08:00 UTC.");
    expect(useProblemOf({ now: 1_800_086_400n }, dated)?.sentence).toBe(
      "Your time window closed on 16 Jan 2027, 08:00 UTC.",
    );
  });

  it("for another wallet is refused with the wallet to switch to", () => {
    expect(useProblemOf({ wallet: `0x${"ab".repeat(20)}` })).toEqual({
      kind: "wrong-wallet",
      sentence: "Sonar's permit is for the wallet 0x709979…dc79C8. Switch back to it.",
    });
  });

  it("for another sale or entity is refused", () => {
    expect(useProblemOf({ saleUUID: "22222222-2222-2222-2222-222222222222" })?.kind).toBe("wrong-sale");
    expect(useProblemOf({ entityID: `0x${"2".repeat(32)}` })?.kind).toBe("wrong-entity");
  });

  it("is checked in the contract's order: sale, expiry, wallet, window", () => {
    const wrong = { saleUUID: "2", wallet: "3", entityID: "4", now: 9_999n };
    const kinds = [
      useProblemOf(wrong),
      useProblemOf({ ...wrong, saleUUID: use.saleUUID }),
      useProblemOf({ ...wrong, saleUUID: use.saleUUID, now: 1n }),
      useProblemOf({ ...wrong, saleUUID: use.saleUUID, now: 1n, wallet: use.wallet }),
      useProblemOf({ now: 1n }),
    ].map((problem) => problem?.kind);
    expect(kinds).toEqual(["wrong-sale", "permit-expired", "wrong-wallet", "wrong-entity", "window-not-open"]);
  });
});
