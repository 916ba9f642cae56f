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

/** The fields of an EIP-2612 permit. Name, version and nonce are read from the token. */
export interface TokenPermitInput {
  token: Hex;
  name: string;
  version: string;
  chainId: number;
  owner: Hex;
  /** The sale contract. */
  spender: Hex;
  /** In smallest units, and exactly the bid's increment, because the contract passes its own difference to the token (sonar.md 4.7). */
  value: bigint;
  nonce: bigint;
  /** Unix seconds. */
  deadline: bigint;
}

/** The types of EIP-2612's only message. */
const TYPES = {
  Permit: [
    { name: "owner", type: "address" },
    { name: "spender", type: "address" },
    { name: "value", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint256" },
  ],
} as const;

/** The EIP-712 message by which `owner` lets the sale take `value`, for a wallet to sign. The contract expects r, s and v: 65 bytes. */
export function tokenPermitTypedData(input: TokenPermitInput) {
  const { token, name, version, chainId, owner, spender, value, nonce, deadline } = input;
  return {
    domain: { name, version, chainId, verifyingContract: token },
    types: TYPES,
    primaryType: "Permit",
    message: { owner, spender, value, nonce, deadline },
  } as const;
}

/** An EIP-2612 permit as the sale accepts it: deadline in Unix seconds, signature of r, s and v. */
export interface TokenPermit {
  deadline: bigint;
  signature: Hex;
}

/** Thrown if the token or the wallet does not support signatures. An approval remains possible. */
export class CannotSign extends Error {}

/** Recognises viem's errors for an unknown method. */
function isUnsupported(error: unknown): boolean {
  for (let link = error, depth = 0; link instanceof Error && depth < 10; link = link.cause, depth += 1) {
    if (/UnsupportedProviderMethod|MethodNotFoundRpc|MethodNotSupportedRpc/.test(link.name)) return true;
  }
  return false;
}

/** 65 bytes with a v of 27 or 28: the contract panics on the 64 bytes of some wallets, and tokens refuse a v of 0 or 1 (sonar.md 4.7). */
function normalise(signature: Hex): Hex {
  if (size(signature) === 64) return serializeSignature(compactSignatureToSignature(parseCompactSignature(signature)));
  if (size(signature) !== 65) throw new CannotSign("The signature is not from a plain account.");
  return serializeSignature(parseSignature(signature));
}

/** Asks the wallet to sign that the sale may take exactly `value`. Throws `CannotSign` if unsupported, and the wallet's error if the user declines. */
export async function signTokenPermit(
  context: TransactionContext,
  { token, value, deadline }: { token: PaymentToken; value: bigint; deadline: bigint },
): Promise<TokenPermit> {
  const { publicClient, walletClient, chain, contract, account } = context;
  if (!token.permit) throw new CannotSign("The token does not support EIP-2612.");
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
