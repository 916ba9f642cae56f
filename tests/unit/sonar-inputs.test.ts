import { describe, expect, it } from "vitest";
import { entityInput, noInput, purchaseInput } from "@/lib/sonar/inputs";

const WALLET = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

describe("what a client may say", () => {
  it("of its sale, session or user is dropped", () => {
    const said = { saleUUID: "s", userId: "u", sessionId: "i" };
    expect(noInput.parse(said)).toEqual({});
    expect(purchaseInput.parse({ ...said, entityID: "AUX-1", walletAddress: WALLET })).toEqual({
      entityID: "AUX-1",
      walletAddress: WALLET,
    });
  });

  it("of an entity is its id, or else a wallet", () => {
    expect(entityInput.parse({ entityID: "AUX-1" })).toEqual({ entityID: "AUX-1" });
    expect(entityInput.parse({ walletAddress: WALLET })).toEqual({ walletAddress: WALLET });
    expect(entityInput.safeParse({}).success).toBe(false);
  });

  it.each([WALLET, WALLET.toLowerCase()])("as a wallet is an address: %s", (walletAddress) => {
    expect(purchaseInput.safeParse({ entityID: "AUX-1", walletAddress }).success).toBe(true);
  });

  it.each([
    ["a letter in the wrong case", WALLET.replace("dA6", "da6")],
    ["one digit too few", WALLET.slice(0, -1)],
    ["no 0x", WALLET.slice(2)],
    ["a name", "vitalik.eth"],
    ["a list", [WALLET]],
    ["nothing", undefined],
  ])("as a wallet has not %s", (_case, walletAddress) => {
    expect(purchaseInput.safeParse({ entityID: "AUX-1", walletAddress }).success).toBe(false);
  });

  it.each(["AUX-1", "a b", "a/b+c=", "é", "a".repeat(256)])("as an entity id is any text: %j", (entityID) => {
    expect(purchaseInput.parse({ entityID, walletAddress: WALLET })).toEqual({ entityID, walletAddress: WALLET });
  });

  it.each(["", "a".repeat(257), "a\nb", "a\u0000", 7, null, { $ne: "" }])("as an entity id is not %j", (entityID) => {
    expect(purchaseInput.safeParse({ entityID, walletAddress: WALLET }).success).toBe(false);
  });

  it.each([undefined, null, "text", 7, []])("is an object, and not %j", (input) => {
    expect(entityInput.safeParse(input).success).toBe(false);
  });
});
