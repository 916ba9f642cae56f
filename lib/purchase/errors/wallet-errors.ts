import { readChainError, type ChainError } from "@/lib/purchase/errors/chain-error";
import { MINED_REVERT, NOTHING_SENT, type ErrorAdvice } from "@/lib/purchase/errors/error-advice";
import { isUserRejection, walletPhrases } from "@/lib/purchase/errors/user-rejection";
import { REPORT } from "@/lib/sale/problem";

/** Errors that are not a named error of the contract. */
export type WalletErrorKind =
  | "user-rejected"
  | "gas-shortage"
  | "wrong-chain"
  | "wallet-busy"
  | "wallet-disconnected"
  /** The connection to a wallet on another device failed, or a wallet of this browser does not answer. */
  | "wallet-unreached"
  /** Code that a library loads when it first needs it did not arrive. */
  | "not-loaded"
  | "wallet-paused"
  | "wallet-failed"
  | "unsupported-method"
  | "still-pending"
  | "nonce-conflict"
  | "fee-too-low"
  | "out-of-gas"
  | "node-rejected"
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
  /** The phrase is a wallet's: contracts and nodes mean something else by it. */
  ofWallet?: boolean;
}

/** The wallet has too little of the chain's coin, whose symbol is given if it is known. */
function notEnoughGas(symbol = "of the chain's coin"): string {
  return `Not enough ${symbol} for the network fee. Your token balance is fine. ${NOTHING_SENT}`;
}

const USER_REJECTED: WalletError = {
  kind: "user-rejected",
  sentence: `You declined in your wallet. ${NOTHING_SENT}`,
  action: "retry",
};

/** As the bundler and the browsers say it. After a roll-out only the page itself, loaded again, has its code. */
const CODE_MISSING: ErrorRule = {
  kind: "not-loaded",
  names: ["ChunkLoadError"],
  phrase: /failed to load chunk|dynamically imported module|importing a module script failed/i,
  sentence:
    "A part of this page could not be loaded: this site may have been updated meanwhile. Check your wallet to see whether anything was sent, and then reload this page.",
  action: "reload-page",
};

/** A wallet on another device whose carrier failed, one of this browser that no longer answers, and a connection that ended. */
const OUT_OF_REACH: readonly ErrorRule[] = [
  {
    kind: "wallet-unreached",
    names: ["WalletConnectUnreached"],
    sentence:
      "WalletConnect does not answer. Check in your wallet whether anything was sent or is still asked for, and then try again.",
    action: "retry",
  },
  {
    kind: "wallet-unreached",
    // Only what needs no user was asked, so the wallet has nothing to send.
    names: ["WalletUnanswered"],
    sentence: `Your wallet does not answer. ${NOTHING_SENT} It may have been updated or restarted, so reload this page.`,
    action: "reload-page",
  },
  {
    kind: "wallet-unreached",
    names: ["WalletConnectEnded"],
    sentence:
      "The connection to your wallet ended while it showed the transaction, so it may still send it. Decline it there, or check in your wallet and at your position here whether it was sent, before you try again.",
    action: "reload",
  },
];

/** In the order of trying, the most certain first. */
const WALLET_ERROR_RULES: readonly ErrorRule[] = [
  ...OUT_OF_REACH,
  CODE_MISSING,
  {
    kind: "gas-shortage",
    names: ["InsufficientFundsError"],
    phrase:
      /insufficient[ _]funds|gas required exceeds allowance|exceeds (transaction sender )?account balance|lack of funds|gas balance|(insufficient|(not|n't) have enough|not enough)[^\n]{0,30}\b(gas|fees?|funds)\b/i,
    sentence: notEnoughGas(),
    action: "none",
  },
  {
    kind: "wrong-chain",
    names: ["ChainMismatchError", "ConnectorChainMismatchError", "SwitchChainError", "ChainDisconnectedError"],
    codes: [4901, 4902, 5710],
    // "Must match" is MetaMask's, for typed data of a chain that it is not on.
    phrase:
      /does not match the target chain|must match the active chainId|(unrecogni[sz]ed|wrong|unsupported|unknown|invalid) (network|chain)|(network|chain) ?(id)? (mismatch|(is )?not (supported|recogni[sz]ed|configured|added))|chain ?id[^\n]{0,40} (does not|doesn't|must|should) (match|be)|switch to the (correct|right) (network|chain)|expected (network|chain)|(network|chain) (was |has )?changed/i,
    sentence: `Your wallet is on a different network than the sale. ${NOTHING_SENT} Switch networks and try again.`,
    action: "none",
  },
  {
    kind: "wallet-busy",
    names: ["ResourceUnavailableRpcError"],
    codes: [-32002],
    phrase:
      /already (pending|processing|in progress)|pending request|another request|request (is )?(pending|in progress)/i,
    ofWallet: true,
    sentence: `Your wallet is still showing an earlier request. ${NOTHING_SENT} Open your wallet and answer that request first.`,
    action: "retry",
  },
  {
    kind: "wallet-disconnected",
    names: [
      "UnauthorizedProviderError",
      "ProviderDisconnectedError",
      "ConnectorNotConnectedError",
      "ConnectorAccountNotFoundError",
      "AccountNotFoundError",
      "LockedDeviceError",
      "DisconnectedDevice",
      "DisconnectedDeviceDuringOperation",
    ],
    codes: [4100, 4900],
    phrase:
      /disconnected|not connected|\blocked\b|unlock|not (been )?authori[sz]ed|unauthori[sz]ed|unknown account|no matching key|session (topic|expired|not found)|no device|device (is )?not|open the device|app (is )?not open|0x(6982|6e0[0-9a-f]|6511)\b/i,
    ofWallet: true,
    sentence: `Your wallet is locked or no longer connected to this site. ${NOTHING_SENT} Unlock it, or connect it again.`,
    action: "none",
  },
  {
    kind: "wallet-paused",
    phrase:
      /\bsign(ing|er|ature)?s?\b[^\n]{0,30}(paused|suspended|disabled|unavailable)|(paused|suspended|disabled) signing|sign(ing|ature) is blocked|wallet (is )?(paused|suspended)|enable (blind signing|contract data)|0x6a80\b/i,
    ofWallet: true,
    sentence: `Your wallet does not sign this at the moment. ${NOTHING_SENT} Check its settings, or try again later.`,
    action: "retry",
  },
  {
    kind: "unsupported-method",
    names: ["UnsupportedProviderMethodError", "MethodNotFoundRpcError", "MethodNotSupportedRpcError"],
    codes: [4200, -32601, -32004],
    phrase:
      /\bmethod\b[^\n]{0,80}(not (found|supported|available|implemented|allowed)|(does not|doesn't) exist)|(unsupported|unknown) method|not implemented|0x6d0[0-9a-f]\b|(cla|ins)_not_supported/i,
    ofWallet: true,
    sentence: `Your wallet does not support this request. ${NOTHING_SENT} Use another wallet.`,
    action: "none",
  },
  {
    kind: "still-pending",
    names: ["WaitForTransactionReceiptTimeoutError", "TransactionReceiptNotFoundError", "TransactionNotFoundError"],
    phrase: /already ?(known|imported)|known transaction|already in (the )?mempool|not (mined|confirmed) (with)?in /i,
    sentence: "Your transaction was sent and is not confirmed yet. Check it in your wallet. Do not send it again.",
    action: "none",
  },
  {
    kind: "nonce-conflict",
    names: ["NonceTooLowError", "NonceTooHighError"],
    phrase: /nonce|replacement|replace (existing|pending)|too many pending|in-flight/i,
    sentence: `Another transaction from your wallet must finish first. ${NOTHING_SENT} Wait for it, or cancel it in your wallet.`,
    action: "reload",
  },
  {
    kind: "fee-too-low",
    names: ["FeeCapTooLowError", "TipAboveFeeCapError"],
    phrase:
      /underpriced|fee ?too ?low|(fee|gas ?price|fee cap|tip|FeePerGas)\b[^\n]{0,40}(too low|less than|lower than|below|higher than)/i,
    sentence: `Network fees rose. ${NOTHING_SENT} Try again.`,
    action: "retry",
  },
  {
    kind: "out-of-gas",
    names: ["IntrinsicGasTooLowError"],
    phrase: /out of gas|intrinsic gas|gas limit|floor data gas/i,
    sentence: `The transaction's gas limit did not fit. ${NOTHING_SENT} Try again with the limit that your wallet suggests.`,
    action: "retry",
  },
  {
    kind: "no-contract",
    names: ["ContractFunctionZeroDataError"],
    sentence: `There is no sale contract at the configured address. ${REPORT}`,
    action: "report",
  },
  {
    kind: "node-rejected",
    names: ["TransactionRejectedRpcError"],
    codes: [-32003],
    phrase:
      /(rejected|declined|refused|denied) by (the )?(node|network|rpc|mempool|sequencer|server|provider|chain|bundler)|exceeds (the )?(configured )?cap|(tx|transaction) ?pool|(tx|transaction) type not supported|replay-protected|invalid sender/i,
    sentence: `The network did not accept your transaction. ${NOTHING_SENT} Try again in a moment.`,
    action: "retry",
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

/** Nodes, and wallets for theirs, that refuse further requests for a while. */
const RATE_LIMITED: ErrorRule = {
  kind: "network",
  names: ["LimitExceededRpcError"],
  codes: [429, -32005, -32007],
  phrase:
    /too many requests|rate.?limit|throttl|(request|quota|capacity|credits|compute)[^\n]{0,30}(exceeded|limit reached)|exceed\w* [^\n]{0,40}(limit|quota|capacity|rate)|quota (was |is )?reached|api key limit|too many connections/i,
  sentence:
    "The network received too many requests. Wait a minute, check your wallet to see whether anything was sent, and then try again.",
  action: "retry",
};

/** Tried after reverts: some nodes answer a revert with an HTTP error, which is not a network failure. */
const NETWORK: ErrorRule = {
  kind: "network",
  names: ["HttpRequestError", "TimeoutError", "WebSocketRequestError", "SocketClosedError"],
  phrase:
    /failed to fetch|fetch failed|network[ _]?error|load failed|econn|enotfound|etimedout|socket hang up|timed? ?out|bad gateway|service (is )?unavailable|offline|could not (connect|detect)|connection (was )?(refused|reset|lost|closed)|(header|block) not found|missing trie node|network request failed|request failed with status|(unable to|cannot|can't) connect|gateway time-?out|internal server error|no response/i,
  sentence: "The chain could not be reached. Before you try again, check your wallet to see whether anything was sent.",
  action: "retry",
};

/** JSON-RPC's general codes: the wallet or its node failed and says no more. */
const WALLET_FAILED: ErrorRule = {
  kind: "wallet-failed",
  names: ["InternalRpcError"],
  codes: [-32603, -32000, -32602, -32600, -32700],
  phrase: /internal (json-?rpc )?error/i,
  sentence:
    "Your wallet had an internal error. Check your wallet to see whether anything was sent, and then try again.",
  action: "retry",
};

/** True if a rule recognises an error. */
function recognises({ names = [], codes = [], phrase, ofWallet = false }: ErrorRule, error: ChainError): boolean {
  return (
    names.some((name) => error.names.has(name)) ||
    codes.some((code) => error.codes.has(code)) ||
    phrase?.test(ofWallet ? walletPhrases(error).join("\n") : error.text) === true
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

/** The user's rejection, if that is what happened. Tried before everything else: a user who declined needs no facts about the chain. */
export function matchRejection(error: ChainError): WalletError | undefined {
  return isUserRejection(error) ? USER_REJECTED : undefined;
}

/** The error that a wallet, a node or the network reported unambiguously. `nativeSymbol` names the coin that fees are paid in. */
export function matchWalletError(error: ChainError, nativeSymbol?: string): WalletError | undefined {
  const found = matchRules(WALLET_ERROR_RULES, error);
  return found?.kind === "gas-shortage" ? { ...found, sentence: notEnoughGas(nativeSymbol) } : found;
}

/** The explanation for an error that nothing else has explained. */
export function unexplained(error: ChainError): WalletError {
  if (error.revertData.length > 0) return UNKNOWN_REVERT;
  return matchRules([BARE_REVERT, RATE_LIMITED, NETWORK, WALLET_FAILED], error) ?? UNKNOWN;
}

/** Explains an error of connecting or of switching the network, which no contract can cause: it needs no ABI, and is loaded without one. */
export function explainWalletError(error: unknown): WalletError {
  const read = readChainError(error);
  return matchRejection(read) ?? matchWalletError(read) ?? unexplained(read);
}
