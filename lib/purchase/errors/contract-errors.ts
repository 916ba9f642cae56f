import { decodeErrorResult, parseAbi } from "viem/utils";
import { saleAbi } from "@/lib/sale/abi";
import { REPORT } from "@/lib/sale/problem";
import type { ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import { checkWindow, permitForWallet } from "@/lib/purchase/permit";
import { formatPrice, type PriceTick } from "@/lib/purchase/price";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/money";

const BAD_SIGNATURE: ErrorAdvice = {
  sentence: `The signature of Sonar's permit is not valid. ${REPORT}`,
  action: "report",
};

const TOKEN_SETUP: ErrorAdvice = {
  sentence: `The token refused the sender or the recipient of this payment. ${REPORT}`,
  action: "report",
};

const TOKEN_PAUSED: ErrorAdvice = {
  sentence: "The token's issuer has paused transfers. Try again later.",
  action: "none",
};

const WALLET_BLOCKED: ErrorAdvice = {
  sentence: "The token's issuer has blocked this wallet. Use another wallet.",
  action: "none",
};

const REFUSED_SILENTLY: ErrorAdvice = {
  sentence: "The token refused the payment without giving a reason.",
  action: "reload",
};

const CHANGED = "Your entity's commitment has changed in the meantime.";

/** The advice for every error that the sale contract and its tokens define (sonar.md 4.10). `revertSentence` adds numbers. */
export const CONTRACT_ERRORS: Record<ContractErrorName, ErrorAdvice> = {
  InvalidStage: { sentence: "This is not possible at the current stage of the sale.", action: "reload" },
  SalePaused: { sentence: "The sale is paused. Try again when it resumes.", action: "none" },
  PurchasePermitExpired: {
    sentence: "Sonar's permit expired before it was used. Try again to get a new one.",
    action: "retry",
  },
  BidOutsideAllowedWindow: { sentence: "You cannot commit at this time.", action: "none" },
  InvalidSender: { sentence: "Sonar's permit is for another wallet. Switch back to it.", action: "none" },
  UnauthorizedSigner: {
    sentence: `The sale does not accept the signer of Sonar's permit. ${REPORT}`,
    action: "report",
  },
  InvalidSaleUUID: { sentence: `Sonar's permit is for another sale. ${REPORT}`, action: "report" },
  InvalidPaymentToken: { sentence: "The sale does not accept this token. Choose another one.", action: "change" },
  BidBelowMinAmount: { sentence: "The total is below your minimum.", action: "change" },
  BidExceedsMaxAmount: { sentence: "The total is above your maximum.", action: "change" },
  BidPriceBelowMinPrice: { sentence: "The price is below the lowest you can bid.", action: "change" },
  BidPriceExceedsMaxPrice: { sentence: "The price is above the highest you can bid.", action: "change" },
  BidAmountCannotBeLowered: { sentence: `${CHANGED} Check the new total before you add more.`, action: "reload" },
  BidPriceCannotBeLowered: { sentence: `${CHANGED} Its price cannot be lowered.`, action: "reload" },
  BidMustHaveLockup: { sentence: "Your commitment must have a lockup.", action: "change" },
  BidLockupCannotBeUndone: { sentence: "Your commitment has a lockup, which cannot be removed.", action: "reload" },
  ZeroAmount: { sentence: "Enter an amount above zero.", action: "change" },
  ZeroEntityID: { sentence: `Sonar's permit names no entity. ${REPORT}`, action: "report" },
  WalletTiedToAnotherEntity: {
    sentence: "This wallet has committed for another entity, so it cannot be used for this one. Use another wallet.",
    action: "none",
  },
  MaxWalletsPerEntityExceeded: {
    sentence: "Your entity has reached its wallet limit. Use a wallet that it has used before.",
    action: "none",
  },
  AlreadyRefunded: {
    sentence: "This entity's commitment has already been cancelled or paid back. It cannot commit to this sale again.",
    action: "reload",
  },
  WalletNotInitialized: {
    sentence: "This wallet has no commitment in this sale. Switch to one that has.",
    action: "none",
  },
  ReduceCommitmentDisabled: { sentence: "Commitments to this sale cannot be reduced.", action: "none" },
  ReductionExceedsReducibleAmount: {
    sentence: "That is more than this wallet can take back.",
    action: "change",
  },
  ClaimRefundDisabled: {
    sentence: "Refunds for this sale are sent automatically. You do not need to do anything.",
    action: "none",
  },
  WalletNotAssociatedWithEntity: {
    sentence: "This wallet does not belong to your entity's commitment. Switch to one that does.",
    action: "none",
  },
  ECDSAInvalidSignature: BAD_SIGNATURE,
  ECDSAInvalidSignatureLength: BAD_SIGNATURE,
  ECDSAInvalidSignatureS: BAD_SIGNATURE,
  SafeERC20FailedOperation: {
    sentence: "The token refused the payment. Check your balance and try again.",
    action: "retry",
  },
  ERC20InsufficientAllowance: {
    sentence: "Your approval does not cover this amount yet. Try again to approve it.",
    action: "retry",
  },
  ERC20InsufficientBalance: { sentence: "Your wallet does not hold enough of the token.", action: "change" },
  ERC20InvalidSender: TOKEN_SETUP,
  ERC20InvalidReceiver: TOKEN_SETUP,
  ERC20InvalidApprover: TOKEN_SETUP,
  ERC20InvalidSpender: TOKEN_SETUP,
  ERC2612ExpiredSignature: {
    sentence: "Your token signature expired before it was used. Try again and sign once more.",
    action: "retry",
  },
  ERC2612InvalidSigner: {
    sentence: "The token did not accept your signature. Try again, or use another wallet.",
    action: "retry",
  },
  FailedInnerCall: REFUSED_SILENTLY,
  FailedCall: REFUSED_SILENTLY,
  AddressEmptyCode: {
    sentence: `There is no contract at the address that the sale has for this token. ${REPORT}`,
    action: "report",
  },
  EnforcedPause: TOKEN_PAUSED,
  ContractPaused: TOKEN_PAUSED,
  ERC20Blocked: WALLET_BLOCKED,
  ERC20UserRestricted: WALLET_BLOCKED,
  AddressFrozen: WALLET_BLOCKED,
};

/** The meanings of a token's error text. */
export type TokenRefusalKind =
  | "ERC20InsufficientAllowance"
  | "ERC20InsufficientBalance"
  | "token-paused"
  | "token-blocks-wallet"
  | "token-blocks-sale"
  | "token-refuses";

interface TokenPhrase extends ErrorAdvice {
  kind: TokenRefusalKind;
  phrase: RegExp;
  /** Words that wallets and nodes use for other things, so that they count in a contract's own text only. */
  inRevert?: RegExp;
}

const TOKEN_PHRASES: readonly TokenPhrase[] = [
  {
    kind: "ERC20InsufficientAllowance",
    phrase: /exceeds[ _]allowance|insufficient[- _]allowance/i,
    inRevert: /allowance[ _](is )?(too low|exceeded)|not enough allowance/i,
    ...CONTRACT_ERRORS.ERC20InsufficientAllowance,
  },
  {
    kind: "ERC20InsufficientBalance",
    phrase: /exceeds[ _]balance|insufficient[- _](token )?balance/i,
    inRevert: /balance[ _](is )?(too low|exceeded)|(low|not enough) balance|insufficient funds/i,
    ...CONTRACT_ERRORS.ERC20InsufficientBalance,
  },
  {
    kind: "token-blocks-wallet",
    phrase: /black-?list|block-?list|deny-?list|frozen/i,
    inRevert: /blocked|sanction|freez/i,
    ...WALLET_BLOCKED,
  },
  {
    kind: "token-paused",
    phrase: /pausable: (paused|[\w ]*while paused)/i,
    inRevert: /paus/i,
    ...TOKEN_PAUSED,
  },
];

/**
 * Recognises the text of a token's error: USDC and many others revert with a string instead of a named error. Nodes write "gas required
 * exceeds allowance" about the network fee, so the caller must rule that out first.
 */
export function readTokenText(
  text: string,
  { isRevert }: { isRevert: boolean },
): (ErrorAdvice & { kind: TokenRefusalKind }) | undefined {
  const found = TOKEN_PHRASES.find(
    ({ phrase, inRevert }) => phrase.test(text) || (isRevert && inRevert?.test(text) === true),
  );
  return found && { kind: found.kind, sentence: found.sentence, action: found.action };
}

/** The units for an error's numbers. Without them, the sentence leaves the numbers out. */
export interface ErrorUnits {
  /** Of the coin that network fees are paid in. */
  nativeSymbol?: string;
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

/** The wallet holds too little of the token; amounts in smallest units. */
export function balanceTooLow(balance: bigint, needed: bigint, token: TokenUnit) {
  const kind = "ERC20InsufficientBalance";
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  const sentence = `Your wallet holds ${text(balance)}, but ${text(needed)} is needed.`;
  return { kind, ...CONTRACT_ERRORS[kind], sentence } as const;
}

function amountSentence(revert: DecodedRevert, token: TokenUnit): string | undefined {
  const text = (amount: bigint) => formatTokenAmount(amount, token);
  switch (revert.errorName) {
    case "BidBelowMinAmount":
      return `Your total must be at least ${text(revert.args[1])}.`;
    case "BidExceedsMaxAmount":
      return `Your total can be at most ${text(revert.args[1])}.`;
    case "ERC20InsufficientBalance":
      return balanceTooLow(revert.args[1], revert.args[2], token).sentence;
    default:
      return undefined;
  }
}

function priceSentence(revert: DecodedRevert, tick: PriceTick): string | undefined {
  switch (revert.errorName) {
    case "BidPriceBelowMinPrice":
      return `The lowest price you can bid is ${formatPrice(revert.args[1], tick)}.`;
    case "BidPriceExceedsMaxPrice":
      return `The highest price you can bid is ${formatPrice(revert.args[1], tick)}.`;
    default:
      return undefined;
  }
}

/** A sentence with the numbers of an error; undefined if it has none, or if their unit is not known. */
export function revertSentence(revert: DecodedRevert, { token, tick }: ErrorUnits): string | undefined {
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

/** Solidity's two built-in errors: `require` with a text, and failed assertions or invalid array accesses. */
const SOLIDITY_ERRORS = parseAbi(["error Error(string message)", "error Panic(uint256 code)"]);

const REVERT_ABI = [...saleAbi, ...SOLIDITY_ERRORS] as const;

function decode(data: `0x${string}`) {
  return decodeErrorResult({ abi: REVERT_ABI, data });
}

/** A revert of the sale or a token, by name and with typed arguments. */
export type DecodedRevert = ReturnType<typeof decode>;

/** The name of every error that the sale contract and its tokens define. */
export type ContractErrorName = Exclude<DecodedRevert["errorName"], "Error" | "Panic">;

/** Decodes revert data; undefined if no known error matches. Some nodes put a word before the hex. */
export function decodeRevert(data: string): DecodedRevert | undefined {
  const digits = /0x((?:[0-9a-f]{2}){4,})$/i.exec(data)?.[1];
  if (digits === undefined) return undefined;
  try {
    return decode(`0x${digits}`);
  } catch {
    return undefined;
  }
}
