import type { Address, Hex } from "viem";
import type { SaleChain } from "@/lib/sale/state";
import {
  isContractWallet,
  readAllowance,
  readBalance,
  readWalletEntity,
  saleClient,
  type ChainReader,
} from "@/lib/wallet/transactions/read-chain";
import { signingMemory } from "@/lib/wallet/transactions/signing-memory";
import { isBlockedByIssuer } from "@/lib/wallet/transactions/token-refusal";

/** A wallet's part in one token; amounts in smallest units. */
export interface TokenFunds {
  balance: bigint;
  /** The amount that the sale may already take. */
  allowance: bigint;
  /** The token's issuer has blocked this wallet. */
  isBlocked: boolean;
  /** False once this tab has seen that the wallet cannot sign the token's permission. */
  canSign: boolean;
}

/** The chain's knowledge of a wallet, as far as the form needs it. */
export interface WalletFunds {
  /** The coin that network fees are paid in, in its smallest units. */
  native: bigint;
  /** By the token's address in lower case. */
  tokens: Readonly<Record<string, TokenFunds>>;
  /** True if the wallet is a contract, whose network fees others may pay. */
  isContract: boolean;
  /** The price of a unit of gas now, in the coin's smallest units; absent if the node does not tell. */
  gasPrice?: bigint;
  /** The entity that the wallet belongs to for ever; absent for a wallet that has never committed. */
  entityId?: Hex;
}

async function readTokenFunds(reader: ChainReader, wallet: Address, token: Address): Promise<TokenFunds> {
  const [balance, allowance, isBlocked] = await Promise.all([
    readBalance(reader.publicClient, token, wallet),
    readAllowance(reader, token, wallet),
    isBlockedByIssuer(reader.publicClient, token, wallet),
  ]);
  return { balance, allowance, isBlocked, canSign: !signingMemory(wallet).cannotSign(token) };
}

/**
 * Reads a wallet's balances and all that can be told of it before the button is pressed. Rejects with viem's errors if the balances cannot be
 * read; the rest only informs, so it may be missing.
 */
export async function readWalletFunds(
  chain: SaleChain,
  wallet: Address,
  tokens: readonly Address[],
): Promise<WalletFunds> {
  const publicClient = saleClient(chain);
  const reader = { publicClient, contract: chain.contract };
  const [native, isContract, gasPrice, entityId, ...held] = await Promise.all([
    publicClient.getBalance({ address: wallet }),
    isContractWallet(publicClient, wallet),
    publicClient.getGasPrice().catch(() => undefined),
    // The contract refuses to answer for a wallet without a commitment.
    readWalletEntity(reader, wallet).catch(() => undefined),
    ...tokens.map(async (token) => [token.toLowerCase(), await readTokenFunds(reader, wallet, token)] as const),
  ]);
  return {
    native,
    isContract,
    tokens: Object.fromEntries(held),
    ...(gasPrice !== undefined && { gasPrice }),
    ...(entityId !== undefined && { entityId }),
  };
}
