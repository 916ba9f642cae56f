import { describe, expect, it } from "vitest";
import { HttpRequestError, RpcRequestError } from "viem";
import { explainError } from "@/lib/purchase/errors/explain-error";
import { sendingError } from "@/tests/support/purchase/failing-chain";

const kindOf = (error: unknown) => explainError(error).kind;

describe("a user who declines is told so, in whatever form the wallet says it", () => {
  it.each<[string, unknown]>([
    ["by EIP-1193", { code: 4001 }],
    ["with the code as text", { code: "4001", message: "" }],
    ["with the code as text with blanks", { code: " 4001 " }],
    ["with WalletConnect's code", { code: 5000, message: "" }],
    ["with WalletConnect's code for chains", { code: 5001, message: "User disapproved requested chains" }],
    ["with WalletConnect's code for methods", { code: 5002, message: "" }],
    ["with a node's general code", { code: -32000, message: "User rejected the transaction" }],
    ["with JSON-RPC's internal error", { code: -32603, message: "Rejected by user" }],
    ["with ethers' code", { code: "ACTION_REJECTED", reason: "rejected" }],
    ["with a code in words", { code: "USER_REJECTED" }],
    ["with a code in words of the other order", { code: "CANCELLED_BY_USER" }],
    ["with a code in one word", { code: "UserRejected" }],
    ["as plain text", "User denied transaction signature"],
    ["as one word", "rejected"],
    ["as one word with a capital and a full stop", "Cancelled."],
    ["as one word in American English", new Error("canceled")],
    ["as imToken does", new Error("cancel")],
    ["without a code", new Error("User declined transaction")],
    ["in the perfect tense", new Error("The user has rejected the request")],
    ["as a request by the user", new Error("request canceled by user")],
    ["as a refusal by the device's owner", new Error("Transaction refused on device")],
    ["in the passive", new Error("Transaction was rejected")],
    ["of the signature", new Error("Signature denied")],
    ["of the signing", new Error("Signing request was declined")],
    ["as something that was not confirmed", new Error("Transaction was not confirmed")],
    ["as something that was not approved", new Error("The request was not approved by the user")],
    ["as somebody who did not approve", new Error("User did not approve the request")],
    ["by closing the window", new Error("user closed popup")],
    ["by closing a modal", new Error("User closed modal")],
    ["by closing the popup, as Trezor says it", { code: "Method_Interrupted", message: "Popup closed" }],
    ["on a Trezor", new Error("Action cancelled by user")],
    ["on a Trezor, by its code", { code: "Failure_ActionCancelled" }],
    ["on a Ledger", new Error("Ledger device: Condition of use not satisfied (denied by the user?) (0x6985)")],
    ["on a Ledger, by its status word", { name: "TransportStatusError", statusCode: 0x6985 }],
    ["on a Ledger of another firmware", new Error("UNKNOWN_ERROR (0x5501)")],
    ["by a class of Ledger Live", { name: "UserRefusedOnDevice", message: "" }],
    ["on a Keystone", new Error("KeystoneError#Tx_canceled")],
    ["in WalletConnect's modal", new Error("Connection request reset. Please try again.")],
    ["in a session proposal", new Error("Proposal rejected")],
    ["nested in cause", { cause: { code: 4001 } }],
    ["nested in data", { code: -32603, data: { code: 4001 } }],
    ["nested in data.cause", { code: -32603, data: { cause: { message: "User denied message signature" } } }],
    ["nested in originalError", { data: { originalError: { code: 4001 } } }],
    ["nested in error", { error: { code: 4001 } }],
    ["nested in error as text", { error: "User rejected" }],
    ["nested in info, as ethers 6 has it", { info: { error: { code: 4001, message: "" } } }],
    ["nested in info's payload", { code: "UNKNOWN_ERROR", info: { payload: {}, error: { message: "user denied" } } }],
    ["nested in a list", { errors: [{ code: "x" }, { code: 4001 }] }],
    ["nested in inner", { innerError: { message: "user cancelled" } }],
    ["as JSON inside the message", new Error('{"code":4001,"message":"x"}')],
    ["as a class", { name: "UserRejectedRequestError" }],
  ])("%s", (_how, error) => {
    expect(explainError(error)).toEqual({
      kind: "user-rejected",
      sentence: "You declined in your wallet. Nothing was sent.",
      action: "retry",
    });
  });

  it("also where viem stands between wallet and page", async () => {
    for (const message of ["rejected", "Transaction was not confirmed", "Action cancelled by user", "User refused"])
      for (const code of [-32000, -32603, 7, 4001])
        expect(kindOf(await sendingError({ code, message }))).toBe("user-rejected");
  });
});

describe("a refusal that is not the user's is not called theirs", () => {
  it.each<[string, unknown]>([
    ["transaction rejected by the node", "node-rejected"],
    ["Transaction rejected by network policy", "node-rejected"],
    ["transaction declined by sequencer", "node-rejected"],
    ["replacement rejected", "nonce-conflict"],
    ["rejected: fee too low", "fee-too-low"],
    ["Transaction rejected: nonce too low", "nonce-conflict"],
    ["transaction was rejected, insufficient funds for gas", "gas-shortage"],
    ["Request rejected: too many requests", "network"],
    ["execution reverted: user denied", "revert-without-reason"],
    ["The requested account has not been authorized by the user", "wallet-disconnected"],
    ["Transaction was not confirmed in 750 seconds. It may still be mined.", "still-pending"],
    ["User disconnected.", "wallet-disconnected"],
    ["The operation was aborted due to timeout", "network"],
  ])("%j", async (message, kind) => {
    expect(kindOf(new Error(`${message}`))).toBe(kind);
    expect(kindOf(await sendingError({ code: -32000, message: `${message}` }))).toBe(kind);
  });

  it("where the node's own answer has the words", () => {
    const url = "https://rpc.example";
    expect(kindOf(new HttpRequestError({ url, status: 403, details: "Rejected" }))).toBe("network");
    const node = new RpcRequestError({ url, body: {}, error: { code: -32003, message: "transaction rejected" } });
    expect(kindOf(node)).toBe("node-rejected");
  });
});

describe("the words of wallets and nodes about", () => {
  it.each<[string, readonly unknown[]]>([
    [
      "nonce-conflict",
      [
        "nonce too low: next nonce 5, tx nonce 4",
        "Nonce is too high",
        "nonce has already been used",
        "invalid nonce; got 3, expected 4",
        "Incorrect nonce",
        { code: "NONCE_EXPIRED" },
        { code: "REPLACEMENT_UNDERPRICED" },
        "replacement fee too low",
        "replacement transaction underpriced",
        "Replacement transaction fee underpriced",
        "could not replace existing tx",
        "OldNonce",
      ],
    ],
    [
      "fee-too-low",
      [
        "transaction underpriced: gas tip cap 0, minimum needed 1",
        "max fee per gas less than block base fee",
        "maxFeePerGas cannot be less than baseFee",
        "gas price too low",
        "Gas price below configured minimum",
        "fee cap less than block base fee",
        "FeeTooLow, EffectivePriorityFeePerGas too low",
        "transaction fee is too low",
      ],
    ],
    [
      "gas-shortage",
      [
        { code: "INSUFFICIENT_FUNDS" },
        "insufficient funds for intrinsic transaction cost",
        "Insufficient balance to pay gas",
        "insufficient ETH for network fee",
        "not enough funds for gas",
        "Not enough ETH to cover gas",
        "Sender doesn't have enough funds to send tx. The max upfront cost is: 1 and the sender's balance is: 0.",
        "Upfront cost exceeds account balance",
        "lack of funds (0) for max fee (1)",
        "gas balance is too low",
        "insufficient gas balance",
      ],
    ],
    [
      "out-of-gas",
      [
        "intrinsic gas too low",
        "intrinsic gas too low: have 21000, want 53000",
        "gas limit is too low",
        "exceeds block gas limit",
        "out of gas",
        "gas limit reached",
      ],
    ],
    [
      "network",
      [
        { code: 429, message: "x" },
        { code: "429" },
        { status: 429 },
        { code: -32005, message: "limit exceeded" },
        "Too Many Requests",
        "rate limit exceeded",
        "You have been rate-limited",
        "You have exceeded your daily quota",
        "Your app has exceeded its compute units per second capacity.",
        "daily request count exceeded, request rate limited",
        "Request is being throttled",
        "25/second request limit reached",
      ],
    ],
    [
      "wallet-paused",
      ["Signing is paused", "signing temporarily suspended", "Transaction signing is disabled", "paused signing"],
    ],
    [
      "wallet-busy",
      [
        { code: -32002 },
        { code: "-32002" },
        "Request of type 'eth_sendTransaction' already pending for origin",
        "Already processing eth_requestAccounts. Please wait.",
        "There is a pending request",
        "another request is in progress",
      ],
    ],
    [
      "wallet-disconnected",
      [
        { code: 4900 },
        { code: 4100 },
        "wallet is locked",
        "The keyring is locked",
        "Please unlock your wallet",
        "authentication needed: password or unlock",
        "Locked device (0x5515)",
        "Wallet is not connected",
        "Provider is disconnected",
        "No matching key. session topic doesn't exist: 1f",
        "session expired",
        "unknown account",
      ],
    ],
    [
      "wrong-chain",
      [
        { code: 4901 },
        { code: 4902 },
        { data: { originalError: { code: 4902 } } },
        "Unrecognized chain ID 0x7a69",
        "wrong network",
        "Unsupported chain",
        "chain not supported",
        "invalid chain id for signer",
        "chainId mismatch",
      ],
    ],
    [
      "unsupported-method",
      [
        { code: 4200 },
        { code: -32601 },
        { code: -32004 },
        "The method eth_sendTransaction does not exist/is not available",
        "Method not found",
        "Unsupported method: eth_sendTransaction",
        "this request method is not supported",
        "not implemented",
      ],
    ],
    [
      "still-pending",
      ["already known", "known transaction: ab", "AlreadyKnown", "Transaction with the same hash was already imported"],
    ],
    [
      "network",
      [
        "timeout of 10000ms exceeded",
        "request timed out",
        "ECONNREFUSED",
        "socket hang up",
        "getaddrinfo ENOTFOUND rpc",
        { code: "NETWORK_ERROR", message: "could not detect network" },
        "Bad Gateway",
        "service unavailable",
        "You are offline",
      ],
    ],
    [
      "wallet-failed",
      [{ code: -32603, message: "Internal JSON-RPC error." }, { code: -32603 }, "An internal error was received"],
    ],
  ])("%s", (kind, errors) => {
    const found = errors.map((error) => [error, kindOf(typeof error === "string" ? new Error(error) : error)]);
    expect(found).toEqual(errors.map((error) => [error, kind]));
  });

  it.each(["ERC20: transfer amount exceeds balance", "Dai/insufficient-balance", "ERC20: insufficient allowance"])(
    "a token are not taken for words about the network fee: %s",
    (message) => expect(kindOf(new Error(message))).toMatch(/^ERC20/),
  );

  it("what is said of whether anything was sent stands in every sentence", () => {
    for (const code of [4001, 4200, 4900, 429, -32002, -32003, -32005, -32603])
      expect(explainError({ code }).sentence).toMatch(/Nothing was sent|check your wallet/i);
  });
});

it("an error whose fields throw when they are read has a sentence", () => {
  const hostile = new Proxy(
    {},
    {
      get: () => {
        throw new Error("no");
      },
    },
  );
  const getters = {
    get message(): string {
      throw new Error("no");
    },
    code: 4001,
  };
  expect([kindOf(hostile), kindOf(getters)]).toEqual(["unknown", "user-rejected"]);
});
