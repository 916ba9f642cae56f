import { describe, expect, it } from "vitest";
import { decideFunding, type FundingFacts } from "@/lib/purchase/funding";

describe("the way of funding", () => {
  const facts: FundingFacts = {
    increment: 10n,
    allowance: 0n,
    tokenHasPermit: true,
    isContractWallet: false,
    canSign: true,
  };

  it.each<[string, Partial<FundingFacts>, string]>([
    ["is a signature where token and wallet can", {}, "signature"],
    ["is the allowance where it covers", { allowance: 10n }, "allowance"],
    ["is no payment where nothing is taken", { increment: 0n, tokenHasPermit: false }, "allowance"],
    ["is an approval for a contract wallet", { isContractWallet: true }, "approval"],
    ["is an approval for a wallet that cannot sign", { canSign: false, allowance: 9n }, "approval"],
    ["is an approval for a token without permits", { tokenHasPermit: false }, "approval"],
    [
      "goes through zero where such a token has too small an allowance",
      { tokenHasPermit: false, allowance: 9n },
      "approval-after-reset",
    ],
  ])("%s", (_what, changes, way) => {
    expect(decideFunding({ ...facts, ...changes })).toBe(way);
  });
});
