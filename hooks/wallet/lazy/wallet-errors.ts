import type { ErrorWords } from "@/lib/sale/explanation";
import { explainError, type ErrorMessage } from "@/lib/sale/revert-message";

type Words = Partial<Record<ErrorMessage["kind"], string>>;

const CONNECTING: Words = {
  "user-rejected": "You declined in your wallet. This site has not seen your address.",
  "wallet-disconnected": "Your wallet is locked. Unlock it and try again.",
  unknown: "Your wallet could not be connected. Open it, look whether it asks for something, and try again.",
};

const SWITCHING: Words = {
  "user-rejected": "You declined in your wallet. It is still on the other network.",
  "wrong-chain": "Your wallet could not switch by itself. Choose the network in your wallet.",
  unknown: "Your wallet did not switch. Choose the network in your wallet.",
};

function inWords(error: unknown, own: Words): ErrorWords {
  const { kind, sentence, action } = explainError(error);
  return { sentence: own[kind] ?? sentence, action };
}

/** Why a wallet is not connected, in words. */
export function explainConnectError(error: unknown): ErrorWords {
  return inWords(error, CONNECTING);
}

/** Why a wallet is not on the sale's chain, in words. */
export function explainSwitchError(error: unknown): ErrorWords {
  return inWords(error, SWITCHING);
}
