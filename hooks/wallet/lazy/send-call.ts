import { ChainMismatchError, type Hash } from "viem";
import { isAllowanceRefusal } from "@/hooks/wallet/lazy/allowance-refusal";
import type { Call, TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import { gasLimit } from "@/lib/sale/gas-limit";

/** Throws unless the wallet is on the sale's chain and still has the account that the page shows. */
export async function requireWallet({ walletClient, chain, account }: TransactionContext): Promise<void> {
  const [chainId, accounts] = await Promise.all([walletClient.getChainId(), walletClient.getAddresses()]);
  if (chainId !== chain.id) throw new ChainMismatchError({ chain, currentChainId: chainId });
  if (accounts.some((address) => address.toLowerCase() === account.toLowerCase())) return;
  throw new PurchaseStopped({
    kind: "wallet-disconnected",
    sentence: "Your wallet no longer gives this site the account shown here. Connect it again.",
    action: "reconnect-wallet",
  });
}

/** Tries a call at the latest block without sending it; throws what the contract would answer. */
export async function simulate({ publicClient, account }: TransactionContext, call: Call): Promise<void> {
  await publicClient.call({ account, ...call, blockTag: "latest" });
}

async function prepare(context: TransactionContext, call: Call): Promise<bigint> {
  await simulate(context, call);
  const { publicClient, account } = context;
  return gasLimit(await publicClient.estimateGas({ account, ...call }));
}

/** How often a node that has not seen the new allowance yet is asked again. */
const PATIENCE = 5;

/**
 * After an approval or its reset, another node behind the same address may still be a block behind and refuse what this one allows
 * (sonar.md 4.7), so what it says of an allowance is not believed at once.
 */
async function prepareAfterApproval(context: TransactionContext, call: Call): Promise<bigint> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prepare(context, call);
    } catch (error) {
      if (attempt > PATIENCE || !isAllowanceRefusal(error)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, context.publicClient.pollingInterval));
  }
}

/**
 * Sends a call that the chain would accept now; nothing is sent that the simulation shows to be refused. The chain is named again, since the
 * wallet may have switched since it was asked.
 */
export async function sendCall(context: TransactionContext, call: Call, { afterApproval = false } = {}): Promise<Hash> {
  const { walletClient, account, chain } = context;
  const gas = await (afterApproval ? prepareAfterApproval : prepare)(context, call);
  return walletClient.sendTransaction({ account, chain, ...call, gas });
}
