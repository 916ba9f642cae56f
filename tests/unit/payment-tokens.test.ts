import { domainSeparator } from "viem";
import { expect, it } from "vitest";
import { permitDomain, type PermitFacts } from "@/lib/chain/read-sale";

const ADDRESS = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const EIP_2612 = "0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9";
/** DAI's: its message has `allowed` in the place of `value`. */
const DAI_TYPEHASH = "0xea2aa0a1be11a07ed86d755c93467f4f82362b452371d1ba94d1715123511acb";

function separator(version: string, chainId = 1): string {
  return domainSeparator({ domain: { name: "USD Coin", version, chainId, verifyingContract: ADDRESS } });
}

function domainOf(changes: Partial<PermitFacts>): string | undefined {
  const facts: PermitFacts = {
    address: ADDRESS,
    chainId: 1,
    name: "USD Coin",
    version: "2",
    nonce: 0n,
    domainSeparator: separator("2"),
    permitTypehash: undefined,
    ...changes,
  };
  return permitDomain(facts)?.version;
}

it.each<[string, Partial<PermitFacts>, string]>([
  ["the version it tells", {}, "2"],
  ["the version it tells, whatever that is", { version: "7", domainSeparator: separator("7") }, "7"],
  ["USDC's version where it tells none", { version: undefined }, "2"],
  ["OpenZeppelin's version where it tells none", { version: undefined, domainSeparator: separator("1") }, "1"],
  ["the version that fits where it tells another", { version: "3" }, "2"],
  ["EIP-2612's message, told by its hash", { permitTypehash: EIP_2612 }, "2"],
])("a token takes permits by %s", (_name, changes, version) => {
  expect(domainOf(changes)).toBe(version);
});

it.each<[string, Partial<PermitFacts>]>([
  ["without nonces", { nonce: undefined }],
  ["without a domain separator", { domainSeparator: undefined }],
  ["without a name", { name: undefined }],
  ["whose domain is on another chain", { domainSeparator: separator("2", 10) }],
  ["whose domain nobody can guess", { domainSeparator: separator("9") }],
  ["with DAI's other message", { permitTypehash: DAI_TYPEHASH }],
])("a token %s takes no permit", (_name, changes) => {
  expect(domainOf(changes)).toBeUndefined();
});
