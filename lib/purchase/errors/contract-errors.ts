import type { ContractErrorName, DecodedRevert } from "@/lib/purchase/errors/chain-error";
import type { ErrorAdvice } from "@/lib/purchase/errors/error-words";
import { checkWindow, permitForWallet } from "@/lib/purchase/permit";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";

const REPORT = "Please report this to the operator of this site.";

const BAD_SIGNATURE: ErrorAdvice = {
  sentence: `The signature of Sonar's permit is not valid. ${REPORT}`,
  action: "report",
};

const TOKEN_SETUP: ErrorAdvice = {
  sentence: `The token refused the addresses of this payment. ${REPORT}`,
  action: "report",
};

const CHANGED = "Your entity's commitment was changed in the meantime.";

/** What to say of every error that the sale contract and its tokens define (sonar.md 4.10). Numbers are added by `revert-sentence`. */
export const CONTRACT_ERROR_WORDS: Record<ContractErrorName, ErrorAdvice> = {
  InvalidStage: { sentence: "This is not possible at the present stage of the sale.", action: "reload" },
  SalePaused: { sentence: "The sale is paused. Try again when it goes on.", action: "wait" },
  PurchasePermitExpired: {
    sentence: "Sonar's permit expired on the way. Trying again gets a new one.",
    action: "renew-permit",
  },
  BidOutsideAllowedWindow: { sentence: "Commitments are not taken from you at this time.", action: "wait" },
  InvalidSender: { sentence: "Sonar's permit is for another wallet. Switch back to it.", action: "switch-wallet" },
  UnauthorizedSigner: { sentence: `The sale does not accept who signed Sonar's permit. ${REPORT}`, action: "report" },
  InvalidSaleUUID: { sentence: `Sonar's permit is for another sale. ${REPORT}`, action: "report" },
  InvalidPaymentToken: { sentence: "The sale does not accept this token. Choose another one.", action: "choose-token" },
  BidBelowMinAmount: { sentence: "The total is below the least that you can commit.", action: "change-amount" },
  BidExceedsMaxAmount: { sentence: "The total is above the most that you can commit.", action: "change-amount" },
  BidPriceBelowMinPrice: { sentence: "The price is below the lowest for you.", action: "change-price" },
  BidPriceExceedsMaxPrice: { sentence: "The price is above the highest for you.", action: "change-price" },
  BidAmountCannotBeLowered: { sentence: `${CHANGED} Look at it again before adding to it.`, action: "reload" },
  BidPriceCannotBeLowered: { sentence: `${CHANGED} Its price cannot be lowered.`, action: "reload" },
  BidMustHaveLockup: { sentence: "Your commitment must carry a lockup.", action: "choose-lockup" },
  BidLockupCannotBeUndone: { sentence: "Your commitment has a lockup, which cannot be removed.", action: "reload" },
  ZeroAmount: { sentence: "Enter an amount above zero.", action: "change-amount" },
  ZeroEntityID: { sentence: `Sonar's permit names no entity. ${REPORT}`, action: "report" },
  WalletTiedToAnotherEntity: {
    sentence: "This wallet has committed for another entity, and a wallet belongs to one for good. Use another wallet.",
    action: "switch-wallet",
  },
  MaxWalletsPerEntityExceeded: {
    sentence: "Your entity has used as many wallets as it may. Use one of those.",
    action: "switch-wallet",
  },
  AlreadyRefunded: {
    sentence: "This entity has cancelled or been paid back, and cannot commit to this sale again.",
    action: "reload",
  },
  WalletNotInitialized: {
    sentence: "This wallet has no commitment in this sale. Switch to one that has.",
    action: "switch-wallet",
  },
  ReduceCommitmentDisabled: { sentence: "Commitments to this sale cannot be reduced in part.", action: "none" },
  ReductionExceedsReducibleAmount: {
    sentence: "That is more than can be taken back from this wallet.",
    action: "change-amount",
  },
  ClaimRefundDisabled: {
    sentence: "Refunds of this sale are sent automatically; there is nothing to do.",
    action: "none",
  },
  WalletNotAssociatedWithEntity: {
    sentence: "This wallet does not belong to your entity's commitment. Switch to one that does.",
    action: "switch-wallet",
  },
  ECDSAInvalidSignature: BAD_SIGNATURE,
  ECDSAInvalidSignatureLength: BAD_SIGNATURE,
  ECDSAInvalidSignatureS: BAD_SIGNATURE,
  SafeERC20FailedOperation: {
    sentence: "The token refused the payment. Check your balance and try again.",
    action: "retry",
  },
  ERC20InsufficientAllowance: {
    sentence: "The sale may not take that much of your tokens yet. Approve the amount again.",
    action: "approve-again",
  },
  ERC20InsufficientBalance: { sentence: "Your wallet does not hold enough of the token.", action: "change-amount" },
  ERC20InvalidSender: TOKEN_SETUP,
  ERC20InvalidReceiver: TOKEN_SETUP,
  ERC20InvalidApprover: TOKEN_SETUP,
  ERC20InvalidSpender: TOKEN_SETUP,
  ERC2612ExpiredSignature: {
    sentence: "Your signature for the token expired on the way. Try again and sign once more.",
    action: "retry",
  },
  ERC2612InvalidSigner: {
    sentence: "The token did not accept your signature. Try again; a smart-contract wallet has to approve instead.",
    action: "approve-again",
  },
};

/** What a token's refusal in words can mean. */
export type TokenRefusalKind =
  "ERC20InsufficientAllowance" | "ERC20InsufficientBalance" | "token-paused" | "token-blocks-wallet";

interface TokenPhrase extends ErrorAdvice {
  kind: TokenRefusalKind;
  phrase: RegExp;
}

const TOKEN_PHRASES: readonly TokenPhrase[] = [
  {
    kind: "ERC20InsufficientAllowance",
    phrase: /exceeds allowance|insufficient[- ]allowance/i,
    ...CONTRACT_ERROR_WORDS.ERC20InsufficientAllowance,
  },
  {
    kind: "ERC20InsufficientBalance",
    phrase: /exceeds balance|insufficient[- ]balance/i,
    ...CONTRACT_ERROR_WORDS.ERC20InsufficientBalance,
  },
  {
    kind: "token-blocks-wallet",
    phrase: /black-?list|block-?list/i,
    sentence: "The token's issuer does not let this wallet move it. Use another wallet.",
    action: "switch-wallet",
  },
  {
    kind: "token-paused",
    phrase: /pausable: paused/i,
    sentence: "The token's issuer has paused it. Try again when it can be moved.",
    action: "wait",
  },
];

/**
 * What a token's refusal means that came as text: USDC and many others revert with a string instead of a named error. Nodes write "gas
 * required exceeds allowance" about the network fee, so that has to be ruled out first.
 */
export function readTokenText(text: string): (ErrorAdvice & { kind: TokenRefusalKind }) | undefined {
  const found = TOKEN_PHRASES.find(({ phrase }) => phrase.test(text));
  return found && { kind: found.kind, sentence: found.sentence, action: found.action };
}

/** What is needed to write an error's numbers; without it the sentence says the same without them. */
export interface MessageContext {
  token?: TokenUnit;
  tick?: PriceTick;
}

function wallets(count: bigint): string {
  return count === 1n ? "1 wallet" : `${count} wallets`;
}

function windowSentence(opensAt: bigint, closesAt: bigint, now: bigint): string | undefined {
  const checked = checkWindow({ opensAt, closesAt }, now);
  return checked.ok ? undefined : checked.problem.sentence;
}
function amountSentence(revert: DecodedRevert, token: TokenUnit): string | undefined {
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  switch (revert.errorName) {
    case "BidBelowMinAmount":
      return `Your total must be at least ${text(revert.args[1])}.`;
    case "BidExceedsMaxAmount":
      return `Your total can be at most ${text(revert.args[1])}.`;
    case "ERC20InsufficientBalance":
      return `Your wallet holds ${text(revert.args[1])}, and ${text(revert.args[2])} is needed.`;
    default:
      return undefined;
  }
}

function priceSentence(revert: DecodedRevert, tick: PriceTick): string | undefined {
  switch (revert.errorName) {
    case "BidPriceBelowMinPrice":
      return `The lowest price for you is ${formatPrice(revert.args[1], tick)}.`;
    case "BidPriceExceedsMaxPrice":
      return `The highest price for you is ${formatPrice(revert.args[1], tick)}.`;
    default:
      return undefined;
  }
}

/** The sentence of an error whose arguments say more than its name; undefined where they do not, or cannot be written. */
export function revertSentence(revert: DecodedRevert, { token, tick }: MessageContext): string | undefined {
  switch (revert.errorName) {
    case "BidOutsideAllowedWindow":
      return windowSentence(...revert.args);
    case "InvalidSender":
      return permitForWallet(revert.args[1]);
    case "MaxWalletsPerEntityExceeded":
      return `Your entity can use at most ${wallets(revert.args[2])}. Use one that it has used before.`;
    default:
      return (token && amountSentence(revert, token)) ?? (tick && priceSentence(revert, tick));
  }
}
