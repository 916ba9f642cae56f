import { describe, expect, it } from "vitest";
import { explainError } from "@/lib/purchase/errors/explain-error";

const kindOf = (error: unknown) => explainError(error).kind;

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
        "future transaction tries to replace pending",
        "account has too many pending transactions",
        "in-flight transaction limit reached for delegated accounts",
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
        "quota reached",
        "API key limit",
        { message: "Request failed with status code 429" },
      ],
    ],
    [
      "wallet-paused",
      [
        "Signing is paused",
        "signing temporarily suspended",
        "Transaction signing is disabled",
        "paused signing",
        "signing is blocked",
        "Wallet paused",
        "Ledger device: Invalid data received (0x6a80)",
      ],
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
        "No device selected",
        "Ledger device: Security not satisfied (0x6982)",
        "CLA_NOT_SUPPORTED (0x6e00)",
        { name: "LockedDeviceError" },
        { name: "DisconnectedDevice" },
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
        "chainId should be same as current chainId",
        "Chain ID does not match",
        "Please switch to the correct network",
        "Expected chain 31337, got 1",
        "underlying network changed: 1 => 31337",
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
        "Ledger device: UNKNOWN_ERROR (0x6d02)",
      ],
    ],
    [
      "node-rejected",
      [
        "tx fee (1.50 ether) exceeds the configured cap (1.00 ether)",
        "txpool is full",
        "transaction type not supported",
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
        "Unable to connect",
        "Network request failed",
        "Internal Server Error",
        "missing trie node",
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
