import { describe, expect, it } from "vitest";
import { concat, encodeAbiParameters, hashTypedData, keccak256, toHex } from "viem/utils";
import { decideFunding, type FundingFacts } from "@/lib/purchase/funding";
import { tokenPermitTypedData, type TokenPermitInput } from "@/lib/wallet/transactions/token-permit";
import { formatTokenAmount } from "@/lib/sale/money";

describe("the way of funding", () => {
  const facts: FundingFacts = {
    increment: 10n,
    committed: 0n,
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
      "is an allowance that is too large for a first commitment, of which nothing can be taken back",
      { allowance: 11n },
      "allowance",
    ],
    ["is the exact allowance of a later commitment", { committed: 5n, allowance: 10n }, "allowance"],
    ["is a signature for a later commitment that no allowance covers", { committed: 5n, allowance: 9n }, "signature"],
    ["is an exact approval where an allowance could pay for more", { committed: 5n, allowance: 11n }, "approval"],
    [
      "goes through zero where an allowance of a token without permits could pay for more",
      { committed: 5n, allowance: 11n, tokenHasPermit: false },
      "approval-after-reset",
    ],
    ["withdraws an allowance where nothing is taken", { increment: 0n, committed: 5n, allowance: 1n }, "reset"],
    ["is no payment where nothing is taken and nothing allowed", { increment: 0n, committed: 5n }, "allowance"],
    [
      "goes through zero where such a token has too small an allowance",
      { tokenHasPermit: false, allowance: 9n },
      "approval-after-reset",
    ],
  ])("%s", (_what, changes, way) => {
    expect(decideFunding({ ...facts, ...changes })).toBe(way);
  });
});

const input: TokenPermitInput = {
  token: `0x${"cc".repeat(20)}`,
  name: "USD Coin",
  version: "2",
  chainId: 84_532,
  owner: `0x${"a1".repeat(20)}`,
  spender: `0x${"5a".repeat(20)}`,
  value: 125_500_000n,
  nonce: 3n,
  deadline: 1_800_000_000n,
};

/** The digest as EIP-712 and EIP-2612 define it, put together by hand. */
function expectedDigest({ token, name, version, chainId, owner, spender, value, nonce, deadline }: TokenPermitInput) {
  const hashOf = (text: string) => keccak256(toHex(text));
  const domain = encodeAbiParameters(
    [{ type: "bytes32" }, { type: "bytes32" }, { type: "bytes32" }, { type: "uint256" }, { type: "address" }],
    [
      hashOf("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
      hashOf(name),
      hashOf(version),
      BigInt(chainId),
      token,
    ],
  );
  const message = encodeAbiParameters(
    [
      { type: "bytes32" },
      { type: "address" },
      { type: "address" },
      { type: "uint256" },
      { type: "uint256" },
      { type: "uint256" },
    ],
    [
      hashOf("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
      owner,
      spender,
      value,
      nonce,
      deadline,
    ],
  );
  return keccak256(concat(["0x1901", keccak256(domain), keccak256(message)]));
}

describe("a token permit", () => {
  it("has the digest that EIP-2612 defines", () => {
    expect(hashTypedData(tokenPermitTypedData(input))).toBe(expectedDigest(input));
  });

  it("changes with every part of it", () => {
    const changed: Partial<TokenPermitInput>[] = [
      {},
      { token: `0x${"dd".repeat(20)}` },
      { name: "USDC" },
      { version: "1" },
      { chainId: 1 },
      { owner: input.spender },
      { spender: input.owner },
      { value: 125_500_001n },
      { nonce: 4n },
      { deadline: 1n },
    ];
    const digests = changed.map((change) => hashTypedData(tokenPermitTypedData({ ...input, ...change })));
    expect(new Set(digests).size).toBe(Object.keys(input).length + 1);
  });
});

describe("an amount of a token", () => {
  it("is exact and carries its symbol", () => {
    expect(formatTokenAmount(1_234_500_001n, { symbol: "USDC", decimals: 6 })).toBe("1,234.500001 USDC");
  });
});
