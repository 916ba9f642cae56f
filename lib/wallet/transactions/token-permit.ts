import {
  compactSignatureToSignature,
  parseCompactSignature,
  parseSignature,
  serializeSignature,
  size,
  type Hex,
} from "viem";
import type { TransactionContext } from "@/lib/wallet/transactions/send";
import type { PaymentToken } from "@/lib/sale/state";
import { tokenAbi } from "@/lib/sale/abi";

/** What an EIP-2612 permit is made of; name, version and nonce are read from the token. */
export interface TokenPermitInput {
  token: Hex;
  name: string;
  version: string;
  chainId: number;
  owner: Hex;
  /** The sale contract. */
  spender: Hex;
  /** Smallest units: the bid's delta to the unit, because the contract hands its own delta to the token (sonar.md 4.7). */
  value: bigint;
  nonce: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/** The types of EIP-2612's one message. */
const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** The EIP-712 message by which `owner` lets the sale take `value`, for a wallet to sign. The contract wants r, s and v: 65 bytes. */
export function tokenPermitTypedData(input: TokenPermitInput) {
  const { token, name, version, chainId, owner, spender, value, nonce, deadline } = input;
  return {
    domain: { name, version, chainId, verifyingContract: token },
    types: TYPES,
    primaryType: "Permit",
    message: { owner, spender, value, nonce, deadline },
  } as const;
}

/** An EIP-2612 permit as the sale takes it: deadline in Unix seconds, signature of r, s and v. */
export interface TokenPermit {
  deadline: bigint;
  signature: Hex;
}

/** The token or the wallet cannot do this; the way of an approval is left. */
export class CannotSign extends Error {}

/** EIP-1193's and JSON-RPC's codes and viem's names for "I do not know this method". */
function isUnsupported(error: unknown): boolean {
  for (let link = error, depth = 0; link instanceof Error && depth < 10; link = link.cause, depth += 1) {
    if (/UnsupportedProviderMethod|MethodNotFoundRpc|MethodNotSupportedRpc/.test(link.name)) return true;
  }
  return false;
}

/** 65 bytes with a v of 27 or 28: the contract panics on the 64 that some wallets give, and tokens refuse a v of 0 or 1 (sonar.md 4.7). */
function normalise(signature: Hex): Hex {
  if (size(signature) === 64) return serializeSignature(compactSignatureToSignature(parseCompactSignature(signature)));
  if (size(signature) !== 65) throw new CannotSign("The signature is none of a plain account.");
  return serializeSignature(parseSignature(signature));
}

/** Has the wallet sign that the sale may take exactly `value`. Throws `CannotSign` where it cannot, and what the wallet throws when the user declines. */
export async function signTokenPermit(
  context: TransactionContext,
  { token, value, deadline }: { token: PaymentToken; value: bigint; deadline: bigint },
): Promise<TokenPermit> {
  const { publicClient, walletClient, chain, contract, account } = context;
  if (!token.permit) throw new CannotSign("The token has no EIP-2612.");
  const args = [account] as const;
  const nonce = await publicClient.readContract({
    address: token.address,
    abi: tokenAbi,
    functionName: "nonces",
    args,
  });
  const message = tokenPermitTypedData({
    token: token.address,
    ...token.permit,
    chainId: chain.id,
    owner: account,
    spender: contract,
    value,
    nonce,
    deadline,
  });
  const signature = await walletClient.signTypedData({ account, ...message }).catch((error: unknown) => {
    throw isUnsupported(error) ? new CannotSign("The wallet does not sign typed data.") : error;
  });
  return { deadline, signature: normalise(signature) };
}
