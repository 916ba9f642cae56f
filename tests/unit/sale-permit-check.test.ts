import { describe, expect, it } from "vitest";
import { formatMoment } from "@/lib/sale/moment";
import { checkPermit, type PermitUse } from "@/lib/sale/permit-check";
import { someReadPermit } from "@/tests/support/some-permit";

const permit = someReadPermit({ ExpiresAt: 1_600, OpensAt: 1_000, ClosesAt: 2_000 });

const use: PermitUse = {
  saleUUID: "12345678-90ab-cdef-1234-567890abcdef",
  entityID: "11111111111111111111111111111111",
  wallet: permit.wallet.toLowerCase(),
  now: 1_500n,
};

function problemOf(changes: Partial<PermitUse>, given = permit) {
  const checked = checkPermit(given, { ...use, ...changes });
  return checked.ok ? undefined : checked.problem;
}

describe("a permit that is about to be used", () => {
  it("passes for its sale, entity and wallet, however their ids are written", () => {
    expect(problemOf({})).toBeUndefined();
    expect(
      problemOf({ saleUUID: permit.saleUUID.toUpperCase().replace("0X", "0x"), wallet: permit.wallet }),
    ).toBeUndefined();
  });

  it.each([
    [1_599n, undefined],
    [1_600n, "permit-expired"],
  ])("is valid before the second in which it expires: at %d", (now, kind) => {
    expect(problemOf({ now })?.kind).toBe(kind);
  });

  it.each([
    [999n, "window-not-open"],
    [1_000n, undefined],
    [1_999n, undefined],
    [2_000n, "window-closed"],
  ])("is for a window from its first second up to its last: at %d", (now, kind) => {
    const lasting = someReadPermit({ ExpiresAt: 9_000, OpensAt: 1_000, ClosesAt: 2_000 });
    expect(problemOf({ now }, lasting)?.kind).toBe(kind);
  });

  it("tells when the window opens and when it closed", () => {
    const times = { ExpiresAt: 1_900_000_000, OpensAt: 1_800_000_000, ClosesAt: 1_800_086_400 };
    const dated = someReadPermit(times);
    expect(problemOf({ now: 0n }, dated)?.sentence).toBe("You can commit from 2027-01-15 08:00 UTC on.");
    expect(problemOf({ now: 1_800_086_400n }, dated)?.sentence).toBe(
      "Your time to commit ended at 2027-01-16 08:00 UTC.",
    );
  });

  it("for another wallet is refused with the wallet to switch to", () => {
    expect(problemOf({ wallet: `0x${"ab".repeat(20)}` })).toEqual({
      kind: "wrong-wallet",
      sentence: "Sonar's permit is for the wallet 0x7099…79C8. Switch back to it.",
    });
  });

  it("for another sale or entity is refused", () => {
    expect(problemOf({ saleUUID: "22222222-2222-2222-2222-222222222222" })?.kind).toBe("wrong-sale");
    expect(problemOf({ entityID: `0x${"2".repeat(32)}` })?.kind).toBe("wrong-entity");
  });

  it("is checked in the contract's order: sale, expiry, wallet, window", () => {
    const wrong = { saleUUID: "2", wallet: "3", entityID: "4", now: 9_999n };
    const kinds = [
      problemOf(wrong),
      problemOf({ ...wrong, saleUUID: use.saleUUID }),
      problemOf({ ...wrong, saleUUID: use.saleUUID, now: 1n }),
      problemOf({ ...wrong, saleUUID: use.saleUUID, now: 1n, wallet: use.wallet }),
      problemOf({ now: 1n }),
    ].map((problem) => problem?.kind);
    expect(kinds).toEqual(["wrong-sale", "permit-expired", "wrong-wallet", "wrong-entity", "window-not-open"]);
  });
});

describe("a moment", () => {
  it("is written in UTC to the minute", () => {
    expect(formatMoment(0n)).toBe("1970-01-01 00:00 UTC");
  });

  it("that no calendar can write is shown as the last one", () => {
    expect(formatMoment(2n ** 64n - 1n)).toBe("9999-12-31 23:59 UTC");
  });
});
