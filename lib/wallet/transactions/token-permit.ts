import { recoverTypedDataAddress, serializeSignature, size, slice, toHex, type Hex, type Signature } from "viem";
import { readChainError } from "@/lib/purchase/errors/chain-error";
import { STATE_UNREAD } from "@/lib/purchase/errors/purchase-error";
import { isUserRejection } from "@/lib/purchase/errors/user-rejection";
import { explainWalletError, type WalletError } from "@/lib/purchase/errors/wallet-errors";
import { tokenAbi } from "@/lib/sale/abi";
import { isHex, sameHex } from "@/lib/sale/hex";
import type { PaymentToken } from "@/lib/sale/state";
import { readChainTime, readRecent } from "@/lib/wallet/transactions/read-chain";
import { PurchaseAborted } from "@/lib/wallet/transactions/send-errors";
import type { TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import { fieldOf } from "@/lib/wallet/wallet-answers";

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
  nonce: bigint;
  signature: Hex;
}

/** Thrown if the token or the wallet does not support signatures. An approval remains possible. */
export class CannotSign extends Error {
  /** False if the wallet may be able to sign the next time. */
  readonly isLasting: boolean;

  constructor(message: string, { cause, isLasting = true }: { cause?: unknown; isLasting?: boolean } = {}) {
    super(message, { cause });
    this.isLasting = isLasting;
  }
}

/** The reasons for which a wallet that can sign does not do so now. */
const PASSING: ReadonlySet<WalletError["kind"]> = new Set([
  "wrong-chain",
  "wallet-busy",
  "wallet-disconnected",
  "network",
]);

/**
 * Wallets and devices that sign no typed data answer with any code and text, so every refusal but the user's own counts. One that has
 * another reason, such as the wrong network, comes up again before the approval.
 */
function refusalOf(error: unknown): unknown {
  if (isUserRejection(readChainError(error))) return error;
  const { kind } = explainWalletError(error);
  // The wallet was not asked at all, or its answer was lost: nothing shows that it cannot sign.
  if (kind === "wallet-unreached") return error;
  const isLasting = !PASSING.has(kind);
  return new CannotSign("The wallet does not sign typed data.", { cause: error, isLasting });
}

/** The hex of a signature, which some wallets wrap in an object, split in three, or write without 0x. */
function signatureHex(answer: unknown): Hex | undefined {
  if (typeof answer === "string") {
    const hex = answer.trim().replace(/^0x/i, "");
    return [128, 130].some((digits) => isHex(`0x${hex}`, digits)) ? `0x${hex}` : undefined;
  }
  const [r, s, v] = ["r", "s", "v"].map((name) => fieldOf(answer, name));
  if (isHex(r, 64) && isHex(s, 64))
    return signatureHex(`${String(r)}${String(s).slice(2)}${Number(v).toString(16).padStart(2, "0")}`);
  const inner = ["signature", "result"].map((name) => fieldOf(answer, name)).find((each) => typeof each === "string");
  return inner === undefined ? undefined : signatureHex(inner);
}

/** Half of the order of secp256k1: tokens refuse a signature whose s is above it, and accept its twin. */
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** The account that made a signature; undefined for numbers that are none. */
async function signerOf(message: ReturnType<typeof tokenPermitTypedData>, parts: Signature): Promise<Hex | undefined> {
  try {
    return await recoverTypedDataAddress({ ...message, signature: parts });
  } catch (error) {
    // viem loads the curve when it first needs it: without it, nothing is known of the signature.
    if (explainWalletError(error).kind === "not-loaded") throw error;
    return undefined;
  }
}

/**
 * A signature with a v of 27 or 28 in 65 bytes, made by `owner`. The contract panics on the 64 bytes of some wallets, tokens refuse a v of 0
 * or 1 (sonar.md 4.7), and wallets that use another account sign in vain. Undefined for one that is of no use, like those of contract wallets.
 */
export async function usableSignature(
  answer: unknown,
  message: ReturnType<typeof tokenPermitTypedData>,
  owner: Hex,
): Promise<Hex | undefined> {
  const hex = signatureHex(answer);
  if (hex === undefined) return undefined;
  const r = slice(hex, 0, 32);
  // Signatures of 64 bytes keep v in the first bit of s (EIP-2098).
  const s = BigInt(slice(hex, 32, 64)) & (size(hex) === 64 ? (1n << 255n) - 1n : ~0n);
  if (s === 0n || s >= ORDER) return undefined;
  const low = toHex(s > ORDER / 2n ? ORDER - s : s, { size: 32 });
  for (const v of [27n, 28n]) {
    const parts = { r, s: low, v };
    if (sameHex(await signerOf(message, parts), owner)) return serializeSignature(parts);
  }
  return undefined;
}

/** At no older block than what the page has seen: a signature with a used nonce is refused, as if the wallet could not sign. */
function readNonce(context: TransactionContext, token: PaymentToken): Promise<bigint | undefined> {
  const { publicClient, account } = context;
  const nonces = { address: token.address, abi: tokenAbi, functionName: "nonces", args: [account] } as const;
  return readRecent(context, (blockNumber) => publicClient.readContract({ ...nonces, blockNumber }));
}

/** True if a permit could be used now: its nonce is the next one, and its deadline is not over. False where that cannot be read. */
export async function isCurrentPermit(
  context: TransactionContext,
  token: PaymentToken,
  { nonce, deadline }: TokenPermit,
): Promise<boolean> {
  const [next, now] = await Promise.all([readNonce(context, token), readChainTime(context)]);
  return next === nonce && now !== undefined && now <= deadline;
}

/** Asks the wallet to sign that the sale may take exactly `value`. Throws `CannotSign` if that is not possible, and the wallet's error if the user declines. */
export async function signTokenPermit(
  context: TransactionContext,
  { token, value, deadline }: { token: PaymentToken; value: bigint; deadline: bigint },
): Promise<TokenPermit> {
  const { walletClient, chain, contract, account } = context;
  if (!token.permit) throw new CannotSign("The token does not support EIP-2612.");
  const nonce = await readNonce(context, token);
  if (nonce === undefined) throw new PurchaseAborted(STATE_UNREAD);
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
  const answer: unknown = await walletClient.signTypedData({ account, ...message }).catch((error: unknown) => {
    throw refusalOf(error);
  });
  const signature = await usableSignature(answer, message, account);
  if (!signature) throw new CannotSign("The wallet's signature is of no use.");
  return { deadline, nonce, signature };
}
