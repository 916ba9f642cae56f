import "server-only";
import type { Address, PublicClient } from "viem";
import { required } from "@/lib/chain/outcome";
import { permitDomain } from "@/lib/chain/permit-domain";
import { isContractAnswer } from "@/lib/chain/settle-chain";
import { processGlobal } from "@/lib/process-global";
import { shortenAddress } from "@/lib/sale/amounts";
import type { PaymentToken } from "@/lib/sale/sale-state";
import { tokenAbi } from "@/lib/sale/token-abi";

/** A token does not change its symbol or decimals; a proxy behind one may learn EIP-2612 (milliseconds). */
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
  // Some old tokens have bytes32 for a symbol, which does not decode; that is no reason to refuse them.
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

/** The tokens at these addresses as their contracts describe them, remembered for an hour. Throws viem's errors. */
export function readPaymentTokens(
  client: PublicClient,
  addresses: readonly Address[],
  chainId: number,
  now: number = Date.now(),
): Promise<PaymentToken[]> {
  return Promise.all(addresses.map((address) => readToken(client, address, chainId, now)));
}
