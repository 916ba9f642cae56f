import { encodeFunctionData } from "viem";
import {
  checkOrder,
  hasChanged,
  prepareBid,
  type CommitOrder,
  type PreparedBid,
} from "@/lib/wallet/transactions/order";
import { needsApproval, type Funding } from "@/lib/purchase/funding";
import { approveFunding, chooseFunding, isApprovedTooMuch, skippedSteps } from "@/lib/wallet/transactions/funding";
import { CannotSign, isCurrentPermit, signTokenPermit, type TokenPermit } from "@/lib/wallet/transactions/token-permit";
import { simulate } from "@/lib/wallet/transactions/prepare";
import { sendCall } from "@/lib/wallet/transactions/send";
import {
  isAllowanceError,
  mayFollowSending,
  toPurchaseError,
  FailedAfterSending,
  PurchaseAborted,
  WalletRefusal,
  addNothingSent,
} from "@/lib/wallet/transactions/send-errors";
import { contextAfter, type Call, type TransactionContext } from "@/lib/wallet/transactions/transaction-context";
import { afterMinedRevert, explainRefusedPayment, requirePayable } from "@/lib/wallet/transactions/token-refusal";
import {
  requireConfirmed,
  type ConfirmedTransaction,
  type SendOptions,
} from "@/lib/wallet/transactions/require-confirmed";
import type { Effect } from "@/lib/wallet/transactions/effect";
import { saleAbi } from "@/lib/sale/abi";
import { NOTHING_SENT } from "@/lib/purchase/errors/error-advice";
import { isApprovalStep, type ApprovalStep } from "@/lib/purchase/progress";
import { SIGNATURE_NOT_ACCEPTED, type PurchaseError } from "@/lib/purchase/errors/purchase-error";

/** The longest validity of a token signature, in seconds, however long the sale's permit lives. */
const MAX_SIGNATURE_SECONDS = 1_800n;

/** A bid's call, with the signature that funds it. */
interface BidCall {
  call: Call;
  signed?: TokenPermit;
}

/** The call of a prepared bid. If a signature funds it, the wallet is asked for that first. */
async function encodeBid(
  context: TransactionContext,
  { token }: CommitOrder,
  { plan, permit, permitSignature, now, funding }: PreparedBid & { funding: Funding },
  { report }: SendOptions,
): Promise<BidCall> {
  const args = [token.address, plan.bid, permit, permitSignature] as const;
  if (funding !== "signature") {
    const data = encodeFunctionData({ abi: saleAbi, functionName: "replaceBidWithApproval", args });
    return { call: { to: context.contract, data } };
  }
  report({ type: "began", id: "sign" });
  const latest = now + MAX_SIGNATURE_SECONDS;
  const deadline = permit.expiresAt < latest ? permit.expiresAt : latest;
  const signed = await signTokenPermit(context, { token, value: plan.increment, deadline });
  const data = encodeFunctionData({
    abi: saleAbi,
    functionName: "replaceBidWithPermit",
    args: [...args, deadline, signed.signature],
  });
  return { call: { to: context.contract, data }, signed };
}

/**
 * Simulates a bid before the user pays for an approval or signs for the tokens. The sale takes the tokens last (sonar.md 4.5), so a bid that
 * fails only because of the missing allowance would be accepted otherwise. Throws any other error.
 */
async function simulateBid(
  context: TransactionContext,
  order: CommitOrder,
  planned: PreparedBid,
  options: SendOptions,
): Promise<void> {
  const { call } = await encodeBid(context, order, { ...planned, funding: "approval" }, options);
  try {
    await simulate(context, call);
  } catch (error) {
    if (!isAllowanceError(error)) throw error;
  }
}

async function attempt(
  context: TransactionContext,
  order: CommitOrder,
  canSign: boolean,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  options.report({ type: "began", id: "check" });
  await checkOrder(context, order);
  await requirePayable(context, order);
  const funding = await chooseFunding(context, order, { canSign });
  options.report({ type: "skipped", ids: skippedSteps(funding) });
  if (!canSign && order.token.permit && needsApproval(funding)) options.report({ type: "noted", note: "cannot-sign" });
  if (needsApproval(funding)) await simulateBid(context, order, await prepareBid(context, order), options);
  const funded = await approveFunding(context, order, funding, options);
  return bid(funded, order, { funding, canSign }, options);
}

/** True if a simulation, which has cost nothing, ended for want of an allowance. */
function isUnfunded(error: unknown): boolean {
  return isAllowanceError(error) && !(error instanceof WalletRefusal) && !(error instanceof PurchaseAborted);
}

/**
 * The reason why the chain rejected a bid that a signature was to fund. The simulation had accepted the signature, so the wallet can sign: it
 * was used or too old by then, unless the bid has changed (see `explainRefusedPayment`).
 */
function explainUnusedSignature(reason: PurchaseError): PurchaseError {
  return reason.kind === "ERC20InsufficientAllowance" ? afterMinedRevert(reason, SIGNATURE_NOT_ACCEPTED) : reason;
}

function effectOfBid({ account: wallet }: TransactionContext, order: CommitOrder): Effect {
  const { increment, token, entityId, expected } = order;
  const { amount: total, price, lockup } = expected;
  if (increment === 0n) return { of: "terms", wallet, entityId, price, lockup };
  return { of: "commitment", wallet, entityId, token: token.address, increment, total };
}

/**
 * True if nothing but the wallet, or the token, can be the reason why a signature was refused. While it was made, another wallet of the entity may
 * have committed, or the nonce was used: then this wallet signs as well as ever.
 */
async function isLastingRefusal(
  context: TransactionContext,
  order: CommitOrder,
  signed: TokenPermit,
): Promise<boolean> {
  try {
    return (await isCurrentPermit(context, order.token, signed)) && !(await hasChanged(context, order));
  } catch {
    return false;
  }
}

async function bid(
  context: TransactionContext,
  order: CommitOrder,
  { funding, canSign }: { funding: Funding; canSign: boolean },
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  options.report({ type: "began", id: "permit" });
  const planned = await prepareBid(context, order);
  let signed: TokenPermit | undefined;
  try {
    if (funding === "signature") await simulateBid(context, order, planned, options);
    const bidCall = await encodeBid(context, order, { ...planned, funding }, options);
    ({ signed } = bidCall);
    // An approval step has left the exact amount. The other ways can be minutes old: the wallet may have been asked to sign.
    if (!needsApproval(funding) && (await isApprovedTooMuch(context, order)))
      return await attempt(context, order, canSign, options);
    options.report({ type: "began", id: "send" });
    const sent = await sendCall(context, { ...bidCall.call, effect: effectOfBid(context, order) });
    return await requireConfirmed(context, { id: "send", ...sent }, options);
  } catch (error) {
    if (funding === "signature" && error instanceof FailedAfterSending)
      throw new FailedAfterSending(explainUnusedSignature(error.reason));
    // The contract swallows a refused signature, so it only shows as a missing allowance (sonar.md 4.7).
    const isRefused = funding === "signature" && isUnfunded(error);
    if (!canSign || !(isRefused || error instanceof CannotSign)) throw error;
    const isLasting = signed
      ? await isLastingRefusal(context, order, signed)
      : error instanceof CannotSign && error.isLasting;
    if (isLasting) context.signing?.remember(order.token.address);
    return attempt(context, order, false, options);
  }
}

function isExpired({ kind }: PurchaseError): boolean {
  return kind === "PurchasePermitExpired" || kind === "permit-expired";
}

/** A permit that expires before it is used is renewed once. One that the chain refuses has been used, and the fee is paid. */
async function attemptTwice(
  now: () => TransactionContext,
  order: CommitOrder,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  const maySign = () => now().signing?.cannotSign(order.token.address) !== true;
  try {
    return await attempt(now(), order, maySign(), options);
  } catch (error) {
    if (mayFollowSending(error) || !isExpired(toPurchaseError(error, options.units))) throw error;
  }
  return attempt(now(), order, maySign(), options);
}

const SENT_SO_FAR: Record<ApprovalStep, string> = {
  "reset-allowance": "Your commitment was not sent. Only your old approval was reset to zero.",
  approve:
    "Your commitment was not sent, but your approval was. You need to give it again only if it no longer fits your commitment.",
};

/** Corrects the words of an error that came after the approval step `sent`, which stays in effect and has been paid for. */
function errorAfterApproval({ sentence, failure, ...error }: PurchaseError, sent: ApprovalStep): PurchaseError {
  const correct = (words: string) => words.replace(NOTHING_SENT, SENT_SO_FAR[sent]);
  const corrected = failure && { ...failure, suggestion: correct(failure.suggestion) };
  return { ...error, sentence: correct(sentence), ...(corrected && { failure: corrected }) };
}

/**
 * Commits: check, simulate and approve if needed, get the permit, sign if possible, send, wait. It only sends the bid that the user saw, and
 * nothing that the chain would refuse at that moment. It throws only `PurchaseAborted`, with the reason. A bid carries the entity's new
 * total, so even if it were sent twice, the tokens would be taken once.
 */
export async function commit(
  context: TransactionContext,
  order: CommitOrder,
  options: SendOptions,
): Promise<ConfirmedTransaction> {
  const words = { token: order.token, tick: order.tick, nativeSymbol: context.chain.nativeCurrency.symbol };
  let sent: ApprovalStep | undefined;
  const report: SendOptions["report"] = (event) => {
    if (event.type === "sent" && isApprovalStep(event.id)) sent = event.id;
    options.report(event);
  };
  // What comes after an approval is relative to its block.
  let now = context;
  const onMined = (block: bigint) => {
    now = contextAfter(now, block);
    options.onMined?.(block);
  };
  const flow = { ...options, units: words, report, onMined };
  return attemptTwice(() => now, order, flow).catch(async (error: unknown) => {
    const reason = addNothingSent(await explainRefusedPayment(now, order, toPurchaseError(error, words)), error);
    throw new PurchaseAborted(sent ? errorAfterApproval(reason, sent) : reason);
  });
}
