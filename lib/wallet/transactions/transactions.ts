import { encodeFunctionData, type Address, type Hex } from "viem";
import { getWalletClient } from "wagmi/actions";
import { saleNetwork } from "@/lib/wallet/sale-network";
import { saleClient, readWalletEntity } from "@/lib/wallet/transactions/read-chain";
import {
  addNothingSent,
  requireWallet,
  sendCall,
  toPurchaseError,
  PurchaseAborted,
  type TransactionContext,
} from "@/lib/wallet/transactions/send";
import {
  requireConfirmed,
  waitForReceipt,
  type SendOptions,
  type ReceiptResult,
  type WaitOptions,
} from "@/lib/wallet/transactions/wait-for-receipt";
import { walletConfig } from "@/lib/wallet/connect/wallet-config";
import type { SaleChain } from "@/lib/sale/state";
import { commit, type ConfirmedTransaction } from "@/lib/wallet/transactions/commit";
import { saleAbi } from "@/lib/sale/abi";
import { sameHex } from "@/lib/sale/hex";
import { WALLET_OF_OTHER_ENTITY, type PurchaseError } from "@/lib/purchase/errors/purchase-error";
import type { CommitOrder } from "@/lib/wallet/transactions/order";
import type { PendingTransaction } from "@/lib/purchase/pending";

/** The context for a transaction of the connected wallet. Rejects if the wallet is gone, or on another chain. */
async function openContext(chain: SaleChain, account: Address): Promise<TransactionContext> {
  const walletClient = await getWalletClient(walletConfig(), { account, chainId: chain.chainId });
  const publicClient = saleClient(chain);
  return { publicClient, walletClient, chain: saleNetwork(chain), contract: chain.contract, account };
}

/** The cancellation or refund claim that the user confirmed, and its entity. */
export interface RefundOrder {
  functionName: "cancelBid" | "claimRefund";
  /** The `SaleSpecificEntityID`. */
  entityId: Hex;
}

/**
 * Neither call names an entity: the contract uses the sender's. If the user switched wallets after reading what will be cancelled, the call
 * would irrevocably cancel another entity's commitment (sonar.md 4.8).
 */
async function requireWalletOf(context: TransactionContext, entityId: Hex): Promise<void> {
  const own = await readWalletEntity(context, context.account);
  if (!sameHex(own, entityId)) throw new PurchaseAborted(WALLET_OF_OTHER_ENTITY);
}

async function send(
  context: TransactionContext,
  { functionName, entityId }: RefundOrder,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  options.report({ type: "began", id: "check" });
  await requireWallet(context);
  await requireWalletOf(context, entityId);
  const call = { to: context.contract, data: encodeFunctionData({ abi: saleAbi, functionName }) };
  options.report({ type: "began", id: "send" });
  const hash = await sendCall(context, call);
  const receipt = await requireConfirmed(context, { id: "send", call, hash }, options);
  return { hash: receipt.transactionHash, block: receipt.blockNumber };
}

/** Cancels the entity's whole commitment, or claims the part that was not accepted. Throws only `PurchaseAborted`, with the reason. */
export function refund(
  context: TransactionContext,
  order: RefundOrder,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  return send(context, order, options).catch((error: unknown) => {
    const nativeSymbol = context.chain.nativeCurrency.symbol;
    throw new PurchaseAborted(addNothingSent(toPurchaseError(error, { nativeSymbol, ...options.units })));
  });
}

/** A transaction that the page can request. */
export type SaleRequest = { kind: "commit"; order: CommitOrder } | { kind: "cancel" | "refund"; entityId: Hex };

/** The result of a request. */
export type SaleResult = { ok: true; confirmed: ConfirmedTransaction } | { ok: false; error: PurchaseError };

async function perform(chain: SaleChain, account: Address, request: SaleRequest, options: SendOptions) {
  const context = await openContext(chain, account);
  if (request.kind === "commit") return commit(context, request.order, options);
  const functionName = request.kind === "cancel" ? "cancelBid" : "claimRefund";
  return refund(context, { functionName, entityId: request.entityId }, options);
}

/** Sends a request with the connected wallet and waits for its confirmation. Never rejects. */
export async function sendRequest(
  chain: SaleChain,
  account: Address,
  request: SaleRequest,
  options: SendOptions,
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
  { hash, wallet, nonce }: PendingTransaction,
  options: WaitOptions,
): Promise<ReceiptResult> {
  const sent = { hash, account: wallet, nonce };
  return waitForReceipt(saleClient(chain), sent, options);
}
