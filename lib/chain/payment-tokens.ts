import "server-only";
import { domainSeparator, keccak256, stringToHex, type Address, type PublicClient } from "viem";
import { isContractAnswer, required } from "@/lib/chain/client";
import { processGlobal } from "@/lib/http/process-global";
import { tokenAbi } from "@/lib/sale/abi";
import { shortenAddress } from "@/lib/sale/hex";
import type { PaymentToken } from "@/lib/sale/state";

/** A token's answers about signed approvals; undefined if it does not have the function. */
export interface PermitFacts {
  address: Address;
  chainId: number;
  name: string | undefined;
  version: string | undefined;
  nonce: bigint | undefined;
  domainSeparator: string | undefined;
  permitTypehash: string | undefined;
}

/** The type hash of EIP-2612's message. Tokens older than the standard, such as DAI, use another message on the same domain. */
const PERMIT_TYPEHASH = keccak256(
  stringToHex("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
);

/** The versions to try if a token does not report its domain's version: "2" is USDC's, "1" OpenZeppelin's (sonar.md 4.7). */
const LIKELY_VERSIONS = ["2", "1"];

/**
 * The EIP-712 domain of the token's EIP-2612 permits, or undefined if it accepts none. The domain is computed and compared with the token's
 * own, so that the user never signs a permit that the token would refuse.
 */
export function permitDomain(facts: PermitFacts): PaymentToken["permit"] {
  const { address, chainId, name, nonce, permitTypehash } = facts;
  if (name === undefined || nonce === undefined || facts.domainSeparator === undefined) return undefined;
  if (permitTypehash !== undefined && permitTypehash !== PERMIT_TYPEHASH) return undefined;
  const candidates = facts.version === undefined ? LIKELY_VERSIONS : [facts.version, ...LIKELY_VERSIONS];
  const version = candidates.find(
    (one) =>
      domainSeparator({ domain: { name, version: one, chainId, verifyingContract: address } }) ===
      facts.domainSeparator,
  );
  return version === undefined ? undefined : { name, version };
}

/** A token does not change its symbol or decimals, but a proxy may be upgraded to EIP-2612 (milliseconds). */
const KNOWN_FOR_MS = 3_600_000;

interface KnownToken {
  token: PaymentToken;
  at: number;
}

function knownTokens(): Map<string, KnownToken> {
  return processGlobal("payment-tokens", () => new Map<string, KnownToken>());
}

async function askToken(client: PublicClient, address: Address, chainId: number): Promise<PaymentToken> {
  const call = <Name extends "symbol" | "decimals" | "name" | "version" | "DOMAIN_SEPARATOR" | "PERMIT_TYPEHASH">(
    functionName: Name,
  ) => ({ address, abi: tokenAbi, functionName }) as const;
  const nonces = { address, abi: tokenAbi, functionName: "nonces", args: [address] } as const;
  const [symbol, decimals, name, version, separator, typehash, nonce] = await client.multicall({
    deployless: true,
    batchSize: 0,
    contracts: [
      call("symbol"),
      call("decimals"),
      call("name"),
      call("version"),
      call("DOMAIN_SEPARATOR"),
      call("PERMIT_TYPEHASH"),
      nonces,
    ],
  });
  // Some old tokens have a bytes32 symbol, which does not decode. They are still accepted.
  if (symbol.status === "failure" && !isContractAnswer(symbol.error)) throw symbol.error;
  const permit = permitDomain({
    address,
    chainId,
    name: name.result,
    version: version.result,
    nonce: nonce.result,
    domainSeparator: separator.result,
    permitTypehash: typehash.result,
  });
  return {
    address,
    symbol: symbol.result ?? shortenAddress(address),
    decimals: required(decimals),
    permit,
  };
}

async function readToken(client: PublicClient, address: Address, chainId: number, now: number): Promise<PaymentToken> {
  const known = knownTokens().get(address);
  if (known && now - known.at < KNOWN_FOR_MS) return known.token;
  const token = await askToken(client, address, chainId);
  knownTokens().set(address, { token, at: now });
  return token;
}

/** The tokens at these addresses, as their contracts describe them, remembered for an hour. Throws viem's errors. */
export function readPaymentTokens(
  client: PublicClient,
  addresses: readonly Address[],
  chainId: number,
  now: number = Date.now(),
): Promise<PaymentToken[]> {
  return Promise.all(addresses.map((address) => readToken(client, address, chainId, now)));
}
