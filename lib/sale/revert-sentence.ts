import type { DecodedRevert } from "@/lib/sale/decode-revert";
import { checkWindow, permitForWallet } from "@/lib/sale/permit-check";
import { formatPrice, type PriceTick } from "@/lib/sale/price";
import { formatTokenAmount, type TokenUnit } from "@/lib/sale/token";

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
