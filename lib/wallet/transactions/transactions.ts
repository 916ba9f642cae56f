import type { Address } from "viem";
import { getWalletClient } from "wagmi/actions";
import { noteNeeded } from "@/lib/wallet/node-order";
import { saleNetwork } from "@/lib/wallet/sale-network";
import { saleClient } from "@/lib/wallet/transactions/read-chain";
import { signingMemory } from "@/lib/wallet/transactions/signing-memory";
import { getBack, type ReturnOrder } from "@/lib/wallet/transactions/returns";
import { toPurchaseError } from "@/lib/wallet/transactions/send-errors";
import type { TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import type { ConfirmedTransaction, SendOptions } from "@/lib/wallet/transactions/require-confirmed";
import type { WaitOptions } from "@/lib/wallet/transactions/wait-for-receipt";
import { waitForRequest, type RequestOutcome } from "@/lib/wallet/transactions/wait-for-request";
import { walletConfig } from "@/lib/wallet/connect/wallet-config";
import type { SaleChain } from "@/lib/sale/state";
import { commit } from "@/lib/wallet/transactions/commit";
import { effectOf } from "@/lib/wallet/transactions/effect";
import type { PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import type { PendingTransaction } from "@/lib/purchase/pending";
import { isApprovalStep } from "@/lib/purchase/progress";

/** The context for a transaction of the connected wallet. Rejects if the wallet is gone, or on another chain. */
async function openContext(chain: SaleChain, account: Address, seen: bigint | undefined): Promise<TransactionContext> {
  const config = walletConfig();
  const walletClient = await getWalletClient(config, { account, chainId: chain.chainId });
  const { chainId, contract } = chain;
  if (seen !== undefined) noteNeeded(chainId, seen);
  return {
    publicClient: saleClient(chain),
    walletClient,
    chain: saleNetwork(chain),
    contract,
    account,
    ...(seen !== undefined && { seen }),
    signing: signingMemory(account),
  };
}

/** A transaction that the page can request. */
export type SaleRequest = { kind: "commit"; order: CommitOrder } | ReturnOrder;

/** The result of a request. */
export type SaleResult = { ok: true; confirmed: ConfirmedTransaction } | { ok: false; error: PurchaseError };

/** Options of a request. */
export interface RequestOptions extends SendOptions {
  /** The newest block that the page has seen: the request is relative to the state of that block. */
  seen?: bigint;
}

async function perform(chain: SaleChain, account: Address, request: SaleRequest, { seen, ...options }: RequestOptions) {
  // Every way begins so: opening asks the wallet, whose answer may take long.
  options.report({ type: "began", id: "check" });
  const context = await openContext(chain, account, seen);
  return request.kind === "commit" ? commit(context, request.order, options) : getBack(context, request, options);
}

/** Sends a request with the connected wallet and waits for its confirmation. Never rejects. */
export async function sendRequest(
  chain: SaleChain,
  account: Address,
  request: SaleRequest,
  options: RequestOptions,
): Promise<SaleResult> {
  try {
    return { ok: true, confirmed: await perform(chain, account, request, options) };
  } catch (error) {
    return { ok: false, error: toPurchaseError(error) };
  }
}

/** Waits for a transaction that an earlier page load or another tab has sent. Needs no wallet. */
export function waitForPending(
  chain: SaleChain,
  pending: PendingTransaction,
  options: WaitOptions,
): Promise<RequestOutcome> {
  const { hash, wallet, nonce, before, fallback } = pending;
  const reader = { publicClient: saleClient(chain), contract: chain.contract };
  const to = isApprovalStep(pending.kind) && pending.token ? pending.token : chain.contract;
  const effect = effectOf(pending);
  return waitForRequest(
    reader,
    { hash, account: wallet, to, nonce, before, fallback, ...(effect && { effect }) },
    options,
  );
}
