import { describe, expect, it } from "vitest";
import { readHex, readUuid, sameHex } from "@/lib/sale/hex";

const ID = "0x1b4e28ba2fa141d2883f0016d3cca427";
const UUID = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";

describe("an id from outside", () => {
  it.each([ID, ID.slice(2), `0X${ID.slice(2).toUpperCase()}`, UUID, UUID.toUpperCase(), `0x${UUID}`, `\t${UUID} `])(
    "written as %s has one form on chain, one in API calls, and equals all others",
    (text) => {
      expect([readHex(text), readUuid(text)]).toEqual([ID, UUID]);
      expect(sameHex(text, ID) && sameHex(UUID, text)).toBe(true);
    },
  );

  it.each([
    "1b4e28ba2fa1-41d2-883f-0016d3cca427",
    "1b4e28ba-2fa1-41d2-883f-0016d3cca42",
    `${UUID}-`,
    "-",
    "0x1",
    "0xg0",
  ])("with dashes or digits in no known form is not read: %s", (text) => {
    expect([readHex(text), readUuid(text)]).toEqual([undefined, undefined]);
  });

  it("of another length is no UUID", () => {
    expect(["", "0x", `${ID}00`, ID.slice(0, -2)].map(readUuid)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("equals no other id, and an absent one only an absent one", () => {
    expect(sameHex(UUID, UUID.replace("1", "2"))).toBe(false);
    expect(sameHex(undefined, "")).toBe(false);
    expect(sameHex("AUX-1", "aux-1")).toBe(true);
  });
});
