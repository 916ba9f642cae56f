import type { CommitOrder } from "@/hooks/wallet/lazy/commit-order";
import { PurchaseStopped } from "@/hooks/wallet/lazy/purchase-stopped";
import {
  isContractWallet,
  readAllowance,
  readBalance,
  readEntityBid,
  readSaleStage,
} from "@/hooks/wallet/lazy/read-chain";
import { requireWallet } from "@/hooks/wallet/lazy/send-call";
import type { TransactionContext } from "@/hooks/wallet/lazy/transaction-context";
import { CONTRACT_ERROR_WORDS } from "@/lib/sale/contract-error-words";
import type { ContractErrorName } from "@/lib/sale/decode-revert";
import { decideFunding, type Funding } from "@/lib/sale/funding";
import { CHANGED_MEANWHILE } from "@/lib/sale/purchase-error";
import { formatTokenAmount } from "@/lib/sale/token";

function stop(kind: ContractErrorName, sentence?: string): PurchaseStopped {
  const words = CONTRACT_ERROR_WORDS[kind];
  return new PurchaseStopped({ kind, ...words, sentence: sentence ?? words.sentence });
}

/** Before an approval is paid for: the contract would refuse the bid after it. */
async function requireBidsTaken(context: TransactionContext): Promise<void> {
  const { stage, paused } = await readSaleStage(context);
  if (stage !== "commitment") throw stop("InvalidStage");
  if (paused) throw stop("SalePaused");
}

/** The entity's bid is still what the user saw; another of its wallets may have bid since. */
async function requireUnchanged(context: TransactionContext, order: CommitOrder): Promise<void> {
  const { bid, refunded } = await readEntityBid(context, order.entityId);
  if (refunded) throw stop("AlreadyRefunded");
  if (bid.amount + order.increment !== order.expected.amount) throw new PurchaseStopped(CHANGED_MEANWHILE);
}

async function requireBalance({ publicClient, account }: TransactionContext, order: CommitOrder): Promise<void> {
  const { token, increment } = order;
  const balance = await readBalance(publicClient, token.address, account);
  if (balance >= increment) return;
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  throw stop("ERC20InsufficientBalance", `Your wallet holds ${text(balance)}, and ${text(increment)} is needed.`);
}

/** Everything that can be known to fail before the wallet is asked for anything. Throws `PurchaseStopped`, or what wallet and node throw. */
export async function checkOrder(context: TransactionContext, order: CommitOrder): Promise<void> {
  await requireWallet(context);
  await Promise.all([requireBidsTaken(context), requireUnchanged(context, order), requireBalance(context, order)]);
}

/** The way of funding for this wallet and token, by what the chain says now. */
export async function chooseFunding(
  context: TransactionContext,
  { token, increment }: CommitOrder,
  { canSign }: { canSign: boolean },
): Promise<Funding> {
  const [allowance, contractWallet] = await Promise.all([
    readAllowance(context, token.address, context.account),
    isContractWallet(context.publicClient, context.account),
  ]);
  const tokenHasPermit = token.permit !== undefined;
  return decideFunding({ delta: increment, allowance, tokenHasPermit, isContractWallet: contractWallet, canSign });
}
