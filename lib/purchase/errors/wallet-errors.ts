import { readChainError, type ChainError } from "@/lib/purchase/errors/chain-error";
import { MINED_REVERT, NOTHING_SENT, type ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import { REPORT } from "@/lib/sale/problem";

/** Errors that are not a named error of the contract. */
export type WalletErrorKind =
  | "user-rejected"
  | "gas-shortage"
  | "wrong-chain"
  | "wallet-busy"
  | "wallet-disconnected"
  | "still-pending"
  | "nonce-conflict"
  | "fee-too-low"
  | "out-of-gas"
  | "no-contract"
  | "mined-revert"
  | "unknown-revert"
  | "revert-without-reason"
  | "network";

/** A rule that recognises an error by any of its class names, codes or phrases. */
interface ErrorRule extends ErrorAdvice {
  kind: WalletErrorKind;
  names?: readonly string[];
  codes?: readonly number[];
  phrase?: RegExp;
}

/** The wallet has too little of the chain's coin, whose symbol is given if it is known. */
function notEnoughGas(symbol = "of the chain's coin"): string {
  return `Not enough ${symbol} for the network fee. Your token balance is fine. ${NOTHING_SENT}`;
}

/** Tried before all other rules: a user who declined needs no facts about the chain. */
const USER_REJECTED: ErrorRule = {
  kind: "user-rejected",
  names: ["UserRejectedRequestError"],
  codes: [4001, 5000],
  phrase: /user (rejected|denied|cancell?ed)|rejected by (the )?user|ACTION_REJECTED/i,
  sentence: `You declined in your wallet. ${NOTHING_SENT}`,
  action: "retry",
};

/** In the order of trying, the most certain first. */
const WALLET_ERROR_RULES: readonly ErrorRule[] = [
  {
    kind: "gas-shortage",
    names: ["InsufficientFundsError"],
    phrase: /insufficient funds|gas required exceeds allowance|exceeds transaction sender account balance/i,
    sentence: notEnoughGas(),
    action: "none",
  },
  {
    kind: "wrong-chain",
    names: ["ChainMismatchError", "ConnectorChainMismatchError", "SwitchChainError", "ChainDisconnectedError"],
    codes: [4901, 4902],
    // The last phrase is MetaMask's, for typed data of a chain that it is not on.
    phrase: /does not match the target chain|unrecognized chain|must match the active chainId/i,
    sentence: `Your wallet is on a different network than the sale. ${NOTHING_SENT} Switch networks and try again.`,
    action: "none",
  },
  {
    kind: "wallet-busy",
    names: ["ResourceUnavailableRpcError"],
    codes: [-32002],
    sentence: `Your wallet is still showing an earlier request. ${NOTHING_SENT} Open your wallet and answer that request first.`,
    action: "retry",
  },
  {
    kind: "wallet-disconnected",
    names: [
      "UnauthorizedProviderError",
      "ProviderDisconnectedError",
      "ConnectorNotConnectedError",
      "AccountNotFoundError",
    ],
    codes: [4100, 4900],
    sentence: "Your wallet is locked or no longer connected to this site. Connect it again.",
    action: "none",
  },
  {
    kind: "still-pending",
    names: ["WaitForTransactionReceiptTimeoutError", "TransactionReceiptNotFoundError", "TransactionNotFoundError"],
    phrase: /already known/i,
    sentence: "Your transaction was sent and is not confirmed yet. Do not send it again.",
    action: "none",
  },
  {
    kind: "nonce-conflict",
    names: ["NonceTooLowError", "NonceTooHighError"],
    phrase: /replacement transaction underpriced|nonce too low/i,
    sentence: `Another transaction from your wallet must finish first. ${NOTHING_SENT} Wait for it, or cancel it in your wallet.`,
    action: "reload",
  },
  {
    kind: "fee-too-low",
    names: ["FeeCapTooLowError", "TipAboveFeeCapError"],
    phrase: /max fee per gas less than block base fee|transaction underpriced/i,
    sentence: `Network fees rose. ${NOTHING_SENT} Try again.`,
    action: "retry",
  },
  {
    kind: "out-of-gas",
    names: ["IntrinsicGasTooLowError"],
    phrase: /out of gas/i,
    sentence: "The transaction's gas limit was too low. Try again with the limit that your wallet suggests.",
    action: "retry",
  },
  {
    kind: "no-contract",
    names: ["ContractFunctionZeroDataError"],
    sentence: `There is no sale contract at the configured address. ${REPORT}`,
    action: "report",
  },
  { ...MINED_REVERT, names: ["TransactionReceiptRevertedError"] },
];

/** A revert that no known error matches. */
export const UNKNOWN_REVERT: ErrorAdvice & { kind: WalletErrorKind } = {
  kind: "unknown-revert",
  sentence: `The sale refused this for an unknown reason. ${REPORT}`,
  action: "report",
};

/** A revert without any data, e.g. for a permit whose payload the contract cannot decode (sonar.md 4.5). */
const BARE_REVERT: ErrorRule = {
  kind: "revert-without-reason",
  names: ["ContractFunctionRevertedError", "ExecutionRevertedError"],
  phrase: /revert/i,
  sentence: `The sale refused this without giving a reason. ${REPORT}`,
  action: "report",
};

/** Tried last: some nodes answer a revert with an HTTP error, which is not a network failure. */
const NETWORK: ErrorRule = {
  kind: "network",
  names: ["HttpRequestError", "TimeoutError", "WebSocketRequestError", "SocketClosedError", "LimitExceededRpcError"],
  codes: [-32005],
  phrase: /failed to fetch|fetch failed|network error|load failed/i,
  sentence: "The chain could not be reached. Before you try again, check your wallet to see whether anything was sent.",
  action: "retry",
};

/** True if a rule recognises an error. */
function recognises({ names = [], codes = [], phrase }: ErrorRule, error: ChainError): boolean {
  return (
    names.some((name) => error.names.has(name)) ||
    codes.some((code) => error.codes.has(code)) ||
    phrase?.test(error.text) === true
  );
}

/** An error that no contract caused. */
export type WalletError = ErrorAdvice & { kind: WalletErrorKind | "unknown" };

const UNKNOWN: WalletError = {
  kind: "unknown",
  sentence: "Unexpected error. Check your wallet to see whether anything was sent.",
  action: "reload",
};

function matchRules(rules: readonly ErrorRule[], error: ChainError): WalletError | undefined {
  const rule = rules.find((candidate) => recognises(candidate, error));
  return rule && { kind: rule.kind, sentence: rule.sentence, action: rule.action };
}

/** The user's rejection, if that is what happened. */
export function matchRejection(error: ChainError): WalletError | undefined {
  return matchRules([USER_REJECTED], error);
}

/** The error that a wallet, a node or the network reported unambiguously. `nativeSymbol` names the coin that fees are paid in. */
export function matchWalletError(error: ChainError, nativeSymbol?: string): WalletError | undefined {
  const found = matchRules(WALLET_ERROR_RULES, error);
  return found?.kind === "gas-shortage" ? { ...found, sentence: notEnoughGas(nativeSymbol) } : found;
}

/** The explanation for an error that nothing else has explained. */
export function unexplained(error: ChainError): WalletError {
  if (error.revertData.length > 0) return UNKNOWN_REVERT;
  return matchRules([BARE_REVERT, NETWORK], error) ?? UNKNOWN;
}

/** Explains an error of connecting or of switching the network, which no contract can cause: it needs no ABI, and is loaded without one. */
export function explainWalletError(error: unknown): WalletError {
  const read = readChainError(error);
  return matchRejection(read) ?? matchWalletError(read) ?? unexplained(read);
}
