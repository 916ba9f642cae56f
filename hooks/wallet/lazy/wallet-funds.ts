import type { Address } from "viem";
import { readBalance } from "@/hooks/wallet/lazy/read-chain";
import { saleClient } from "@/hooks/wallet/lazy/sale-client";
import type { SaleChain } from "@/lib/sale/sale-chain";

/** What a wallet holds, in smallest units; tokens by their address in lower case. */
export interface WalletFunds {
  native: bigint;
  tokens: Readonly<Record<string, bigint>>;
}

/** Reads what a wallet can pay with. Rejects with viem's errors. */
export async function readWalletFunds(
  chain: SaleChain,
  wallet: Address,
  tokens: readonly Address[],
): Promise<WalletFunds> {
  const client = saleClient(chain);
  const [native, ...balances] = await Promise.all([
    client.getBalance({ address: wallet }),
    ...tokens.map((token) => readBalance(client, token, wallet)),
  ]);
  return { native, tokens: Object.fromEntries(tokens.map((token, at) => [token.toLowerCase(), balances[at] ?? 0n])) };
}
