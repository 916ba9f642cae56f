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
    ["as a class of another word order", { name: "TransactionRejectedByUser" }],
    ["as a bare number", 4001],
    ["as a number in text", new Error("4001")],
    ["with the code in its text", new Error("Error code: 4001")],
    ["with the code in brackets", "(4001) no"],
    ["with the code as a bigint", { code: 4001n }],
    ["as JSON without an error around it", '{"code":4001,"message":"x"}'],
    ["as JSON in error", { error: '{"code":4001}' }],
    ["as JSON in a body, as ethers 5 has it", { body: '{"error":{"code":4001}}' }],
    ["nested in response", { response: { code: 4001 } }],
    ["nested in an object for message", { message: { code: 4001, message: "no" } }],
    ["nested in an object for reason", { reason: { code: 4001 } }],
    ["in a field of its own name", { type: "USER_REJECTED" }],
    ["in msg", { msg: "user rejected" }],
    ["in description", { description: "User denied" }],
    ["in a node's code for rejections, and names the user", { code: -32003, message: "User rejected" }],
    ["to the user directly", "You rejected the request"],
    ["to the user, in the passive", "The request was rejected by you"],
    ["by the wallet's window", "Request rejected in your wallet"],
    ["by a window that was closed", "Popup was closed"],
    ["by a modal", "Modal closed"],
    ["as an interaction", "User interaction cancelled"],
    ["as a choice", "user chose not to sign"],
    ["as a noun", "Rejection"],
    ["with the verb first", "Cancelled transaction"],
    ["with the verb first and an infinitive", "declined to sign"],
    ["of a transaction's signature", "denied transaction signature"],
    ["of a confirmation", "Confirmation rejected"],
    ["in Chinese", "用户拒绝了请求"],
    ["in Chinese, as one word", "已取消"],
    ["in Japanese", "ユーザーがキャンセルしました"],
    ["in Spanish", "Usuario rechazó la solicitud"],
    ["in Russian", "Отклонено пользователем"],
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
    ["User operation rejected by bundler", "node-rejected"],
    ["Connection refused", "network"],
    ["lack of funds (4000), cost (5000)", "gas-shortage"],
    ["The operation was aborted due to timeout", "network"],
  ])("%j", async (message, kind) => {
    expect(kindOf(new Error(`${message}`))).toBe(kind);
    expect(kindOf(await sendingError({ code: -32000, message: `${message}` }))).toBe(kind);
  });

  it.each([
    "User does not have enough balance",
    "The user doesn't have permission",
    "User did not connect a wallet",
    "Account not approved",
    "method not approved",
    "Typed data not accepted",
    "user operation cancelled",
  ])("%j", (message) => {
    expect(kindOf(new Error(message))).toBe("unknown");
  });

  it("where the node's own answer has the words", () => {
    const url = "https://rpc.example";
    expect(kindOf(new HttpRequestError({ url, status: 403, details: "Rejected" }))).toBe("network");
    const node = new RpcRequestError({ url, body: {}, error: { code: -32003, message: "transaction rejected" } });
    expect(kindOf(node)).toBe("node-rejected");
  });
});
