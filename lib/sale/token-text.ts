import type { ErrorWords } from "@/lib/sale/explanation";
import { CONTRACT_ERROR_WORDS } from "@/lib/sale/contract-error-words";

/** What a token's refusal in words can mean. */
export type TokenRefusalKind =
  "ERC20InsufficientAllowance" | "ERC20InsufficientBalance" | "token-paused" | "token-blocks-wallet";

interface TokenPhrase extends ErrorWords {
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
export function readTokenText(text: string): (ErrorWords & { kind: TokenRefusalKind }) | undefined {
  const found = TOKEN_PHRASES.find(({ phrase }) => phrase.test(text));
  return found && { kind: found.kind, sentence: found.sentence, action: found.action };
}
