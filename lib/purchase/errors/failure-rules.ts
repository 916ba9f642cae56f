import type { ChainError } from "@/lib/purchase/errors/chain-error";
import { MINED_REVERT, NOTHING_SENT, type ErrorAdvice } from "@/lib/purchase/errors/error-words";

/** Failures that are no answer of the contract. */
export type ChainFailureKind =
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

/** How a failure is recognised: by any one of class names, codes and phrases. */
export interface FailureRule extends ErrorAdvice {
  kind: ChainFailureKind;
  names?: readonly string[];
  codes?: readonly number[];
  phrase?: RegExp;
}

/** Comes before everything else: a person who said no is told nothing about the chain. */
export const USER_REJECTED: FailureRule = {
  kind: "user-rejected",
  names: ["UserRejectedRequestError"],
  codes: [4001, 5000],
  phrase: /user (rejected|denied|cancell?ed)|rejected by (the )?user|ACTION_REJECTED/i,
  sentence: `You declined in your wallet. ${NOTHING_SENT}`,
  action: "retry",
};

/** In the order in which they are tried, the more certain first. */
export const FAILURE_RULES: readonly FailureRule[] = [
  {
    kind: "gas-shortage",
    names: ["InsufficientFundsError"],
    phrase: /insufficient funds|gas required exceeds allowance|exceeds transaction sender account balance/i,
    sentence:
      "Your wallet does not hold enough of the chain's own coin to pay the network fee. Your tokens are not short.",
    action: "add-gas",
  },
  {
    kind: "wrong-chain",
    names: ["ChainMismatchError", "ConnectorChainMismatchError", "SwitchChainError", "ChainDisconnectedError"],
    codes: [4901, 4902],
    // The last is MetaMask's, for typed data of another chain than the one it is on.
    phrase: /does not match the target chain|unrecognized chain|must match the active chainId/i,
    sentence: `Your wallet is on another network than the sale. Switch it and try again. ${NOTHING_SENT}`,
    action: "switch-chain",
  },
  {
    kind: "wallet-busy",
    names: ["ResourceUnavailableRpcError"],
    codes: [-32002],
    sentence: "Your wallet is still showing an earlier request. Open it and answer that one first.",
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
    action: "reconnect-wallet",
  },
  {
    kind: "still-pending",
    names: ["WaitForTransactionReceiptTimeoutError", "TransactionReceiptNotFoundError", "TransactionNotFoundError"],
    phrase: /already known/i,
    sentence: "Your transaction has been sent and is not in a block yet. Do not send it again.",
    action: "wait",
  },
  {
    kind: "nonce-conflict",
    names: ["NonceTooLowError", "NonceTooHighError"],
    phrase: /replacement transaction underpriced|nonce too low/i,
    sentence: "Another transaction of your wallet is in the way. Let it finish, or cancel it in your wallet.",
    action: "reload",
  },
  {
    kind: "fee-too-low",
    names: ["FeeCapTooLowError", "TipAboveFeeCapError"],
    phrase: /max fee per gas less than block base fee|transaction underpriced/i,
    sentence: "The network fee rose in the meantime. Try again with the present one.",
    action: "retry",
  },
  {
    kind: "out-of-gas",
    names: ["IntrinsicGasTooLowError"],
    phrase: /out of gas/i,
    sentence: "The transaction was given too little gas. Try again with the limit that your wallet proposes.",
    action: "retry",
  },
  {
    kind: "no-contract",
    names: ["ContractFunctionZeroDataError"],
    sentence: "There is no sale contract at the address that this site knows. Please report this to the operator.",
    action: "report",
  },
  { ...MINED_REVERT, names: ["TransactionReceiptRevertedError"] },
];

/** A refusal in which no known error was found. */
export const UNKNOWN_REVERT: ErrorAdvice & { kind: ChainFailureKind } = {
  kind: "unknown-revert",
  sentence: "The sale refused this for a reason that this site does not know. Please report this to the operator.",
  action: "report",
};

/** A refusal without any data: a permit whose payload the contract cannot decode ends so (sonar.md 4.5). */
export const BARE_REVERT: FailureRule = {
  kind: "revert-without-reason",
  names: ["ContractFunctionRevertedError", "ExecutionRevertedError"],
  phrase: /revert/i,
  sentence: "The sale refused this without giving a reason. Please report this to the operator.",
  action: "report",
};

/** Comes last: a node that answers a refusal with an HTTP error is not a broken network. */
export const NETWORK: FailureRule = {
  kind: "network",
  names: ["HttpRequestError", "TimeoutError", "WebSocketRequestError", "SocketClosedError", "LimitExceededRpcError"],
  codes: [-32005],
  phrase: /failed to fetch|fetch failed|network error|load failed/i,
  sentence: "The chain could not be reached. Before you try again, look in your wallet whether it was sent.",
  action: "retry",
};

/** Whether a rule recognises an error. */
export function recognises({ names = [], codes = [], phrase }: FailureRule, error: ChainError): boolean {
  return (
    names.some((name) => error.names.has(name)) ||
    codes.some((code) => error.codes.has(code)) ||
    phrase?.test(error.text) === true
  );
}
