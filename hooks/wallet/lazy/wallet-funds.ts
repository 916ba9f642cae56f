import type { Address } from "viem";
import { isContractWallet, readBalance } from "@/hooks/wallet/lazy/read-chain";
import { saleClient } from "@/hooks/wallet/lazy/sale-client";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** What a wallet holds, in smallest units; tokens by their address in lower case. */
export interface WalletFunds {
  native: bigint;
  tokens: Readonly<Record<string, bigint>>;
  /** The wallet is a contract, whose gas others may pay. */
  isContract: boolean;
}

/** Reads what a wallet can pay with. Rejects with viem's errors. */
export async function readWalletFunds(
  chain: SaleChain,
  wallet: Address,
  tokens: readonly Address[],
): Promise<WalletFunds> {
  const client = saleClient(chain);
  const [native, isContract, ...balances] = await Promise.all([
    client.getBalance({ address: wallet }),
    isContractWallet(client, wallet),
    ...tokens.map((token) => readBalance(client, token, wallet)),
  ]);
  const held = tokens.map((token, at) => [token.toLowerCase(), balances[at] ?? 0n] as const);
  return { native, isContract, tokens: Object.fromEntries(held) };
}
