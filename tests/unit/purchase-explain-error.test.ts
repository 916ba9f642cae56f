import { describe, expect, it } from "vitest";
import { HttpRequestError, TimeoutError, WaitForTransactionReceiptTimeoutError } from "viem";
import { encodeAbiParameters, encodeErrorResult } from "viem/utils";
import { saleAbi } from "@/lib/sale/abi";
import { explainError, explainReplacement } from "@/lib/purchase/errors/explain-error";
import {
  estimationError,
  revertWith,
  sendingError,
  simulationError,
  zeroDataError,
} from "@/tests/support/purchase/failing-chain";

const SALE_PAUSED = encodeErrorResult({ abi: saleAbi, errorName: "SalePaused" });

/** The data of `require(false, text)`. */
function requireFailed(text: string): `0x${string}` {
  return `0x08c379a0${encodeAbiParameters([{ type: "string" }], [text]).slice(2)}`;
}

function kindOf(error: unknown): string {
  return explainError(error).kind;
}

describe("a token that refuses in words", () => {
  it.each([
    ["ERC20: transfer amount exceeds allowance", "ERC20InsufficientAllowance"],
    ["ERC20: insufficient allowance", "ERC20InsufficientAllowance"],
    ["Dai/insufficient-allowance", "ERC20InsufficientAllowance"],
    ["ERC20: transfer amount exceeds balance", "ERC20InsufficientBalance"],
    ["Dai/insufficient-balance", "ERC20InsufficientBalance"],
    ["Blacklistable: account is blacklisted", "token-blocks-wallet"],
    ["Pausable: paused", "token-paused"],
    ["ERC20Pausable: token transfer while paused", "token-paused"],
    ["TRANSFERS_PAUSED", "token-paused"],
    ["Token is paused", "token-paused"],
    ["Account is blocked", "token-blocks-wallet"],
    ["SANCTIONED", "token-blocks-wallet"],
    ["TRANSFER_EXCEEDS_ALLOWANCE", "ERC20InsufficientAllowance"],
    ["allowance too low", "ERC20InsufficientAllowance"],
    ["not enough balance", "ERC20InsufficientBalance"],
    ["BALANCE_EXCEEDED", "ERC20InsufficientBalance"],
    ["something else", "unknown-revert"],
  ])("%j is %s", async (text, kind) => {
    expect(kindOf(await revertWith(requireFailed(text)))).toBe(kind);
    const message = `execution reverted: ${text}`;
    if (kind !== "unknown-revert") expect(kindOf(await simulationError({ code: 3, message }))).toBe(kind);
  });

  it("is not seen in a wallet's own words", () => {
    for (const message of ["Request blocked", "The wallet is paused", "not enough balance"])
      expect(kindOf(new Error(message))).not.toMatch(/^token|^ERC20/);
  });

  it("is not quoted", async () => {
    expect(explainError(await revertWith(requireFailed("<b>0xdeadbeef</b>"))).sentence).not.toMatch(/[<>]|dead/);
  });
});

describe("a shortage of gas", () => {
  it.each([
    "insufficient funds for gas * price + value: balance 0, tx cost 21000, overshot 21000",
    "gas required exceeds allowance (0)",
    "err: insufficient funds for gas * price + value: address 0x7099 have 0 want 1 (supplied gas 1)",
  ])("is about the chain's own coin and not about the token: %s", async (message) => {
    for (const error of [
      await estimationError({ code: -32_000, message }),
      await sendingError({ code: -32_000, message }),
      await sendingError({ code: -32_603, message: "Internal JSON-RPC error.", data: { code: -32_000, message } }),
    ]) {
      expect(explainError(error)).toMatchObject({ kind: "gas-shortage", action: "none" });
    }
  });
});

describe("a refusal in the wallet", () => {
  it.each([
    { code: 4001, message: "MetaMask Tx Signature: User denied transaction signature." },
    { code: 4001, message: "" },
    { code: 5000, message: "User rejected." },
    { code: -32_603, message: "User rejected the request." },
  ])("is told as such: %j", async (error) => {
    expect(explainError(await sendingError(error))).toEqual({
      kind: "user-rejected",
      sentence: "You declined in your wallet. Nothing was sent.",
      action: "retry",
    });
  });

  it("is recognised without viem around it, and before everything the chain may say", () => {
    expect(kindOf({ code: 4001 })).toBe("user-rejected");
    expect(kindOf({ code: "ACTION_REJECTED" })).toBe("user-rejected");
    expect(kindOf({ code: 4001, data: SALE_PAUSED, message: "insufficient funds" })).toBe("user-rejected");
  });
});

describe("the wallet", () => {
  it("on another chain is asked to switch", async () => {
    const error = await sendingError({ code: 1, message: "not reached" }, 1);
    expect(explainError(error)).toMatchObject({ kind: "wrong-chain", action: "none" });
  });

  it("that is on another chain than the typed data is asked to switch, in whichever words it says so", async () => {
    const message = 'Provided chainId "8453" must match the active chainId "1"';
    expect(kindOf(await sendingError({ code: -32_603, message }))).toBe("wrong-chain");
  });

  it.each([
    [4902, "wrong-chain"],
    [4901, "wrong-chain"],
    [-32_002, "wallet-busy"],
    [4100, "wallet-disconnected"],
    [4900, "wallet-disconnected"],
  ])("that answers %d is %s", async (code, kind) => {
    expect(kindOf(await sendingError({ code, message: "no" }))).toBe(kind);
  });

  it.each([
    ["nonce too low", "nonce-conflict"],
    ["replacement transaction underpriced", "nonce-conflict"],
    ["max fee per gas less than block base fee", "fee-too-low"],
    ["transaction underpriced", "fee-too-low"],
    ["intrinsic gas too low", "out-of-gas"],
    ["already known", "still-pending"],
  ])("whose node says %j: %s", async (message, kind) => {
    expect(kindOf(await sendingError({ code: -32_000, message }))).toBe(kind);
  });
});

describe("the contract's answer", () => {
  it("is found wherever a wallet has put it", async () => {
    const nested: unknown[] = [
      { code: -32_603, data: { originalError: { code: 3, data: SALE_PAUSED } } },
      { error: { data: { data: SALE_PAUSED } } },
      { cause: { cause: { raw: SALE_PAUSED } } },
      await sendingError({ code: 3, message: "execution reverted", data: SALE_PAUSED }),
      await estimationError({ code: 3, message: "execution reverted", data: SALE_PAUSED }),
      await simulationError({ code: -32_015, message: "VM execution error.", data: `Reverted ${SALE_PAUSED}` }),
    ];
    for (const error of nested) expect(kindOf(error)).toBe("SalePaused");
  });

  it("is not looked for in the transaction that was sent", () => {
    expect(kindOf({ message: "no", transaction: { data: SALE_PAUSED } })).toBe("unknown");
  });

  it("without data is a refusal without a reason", async () => {
    for (const data of [undefined, "0x"]) {
      const error = await simulationError({ code: 3, message: "execution reverted", data });
      expect(explainError(error)).toMatchObject({ kind: "revert-without-reason", action: "report" });
    }
  });

  it("that no ABI knows is an unknown refusal, without its hex", async () => {
    const message = explainError(await revertWith("0xdeadbeef"));
    expect(message.kind).toBe("unknown-revert");
    expect(message.sentence).not.toContain("dead");
  });

  it("that is a panic is an unknown refusal", async () => {
    const panic = `0x4e487b71${"32".padStart(64, "0")}` as const;
    expect(kindOf(await revertWith(panic))).toBe("unknown-revert");
  });

  it("of an address without a contract is no-contract", async () => {
    expect(explainError(await zeroDataError())).toMatchObject({ kind: "no-contract", action: "report" });
  });
});

describe("the network", () => {
  it.each([
    new HttpRequestError({ url: "https://rpc.example/key", status: 503 }),
    new TimeoutError({ body: {}, url: "https://rpc.example/key" }),
    new TypeError("Failed to fetch"),
    { code: -32_005, message: "limit exceeded" },
  ])("that does not answer is told as such, without its address: %s", (error) => {
    const message = explainError(error);
    expect(message).toMatchObject({ kind: "network", action: "retry" });
    expect(message.sentence).not.toContain("example");
  });

  it.each([
    Object.assign(new Error("Failed to load chunk /_next/static/chunks/1a.js from module 7"), {
      name: "ChunkLoadError",
    }),
    new TypeError("Failed to fetch dynamically imported module: https://sale.example/1a.js"),
    new TypeError("Importing a module script failed."),
    Object.assign(new Error("The call failed"), { cause: new Error("error loading dynamically imported module") }),
  ])("that has no more of the page's code asks to reload it: %s", (error) => {
    expect(explainError(error)).toMatchObject({ kind: "not-loaded", action: "reload-page" });
  });

  it("a transaction that is in no block yet must not be sent again", () => {
    const error = new WaitForTransactionReceiptTimeoutError({ hash: `0x${"ab".repeat(32)}` });
    const message = explainError(error);
    expect(message).toMatchObject({ kind: "still-pending", action: "none" });
    expect(message.sentence).toMatch(/Do not send it again/);
  });
});

describe("anything else", () => {
  const circle: Record<string, unknown> = { message: "x" };
  circle.cause = circle;

  it.each([undefined, null, 0, "", "0xdeadbeef", {}, [], new Error("boom 0xdeadbeef"), circle, { data: circle }])(
    "that is thrown has a safe sentence: %s",
    (error) => {
      const message = explainError(error);
      expect(message.kind).toBe("unknown");
      expect(message.sentence).not.toMatch(/0x|boom/);
    },
  );

  it("has a bottom: an endless chain of causes ends", () => {
    const endless = {
      get cause(): unknown {
        return Object.create(endless);
      },
    };
    expect(kindOf(endless)).toBe("unknown");
  });
});

describe("a transaction that the wallet changed", () => {
  it("by price only is still the user's own, so nothing is said", () => {
    expect(explainReplacement("repriced")).toBeUndefined();
  });

  it("by cancelling it has committed nothing, although what took its place succeeded", () => {
    expect(explainReplacement("cancelled")).toMatchObject({ kind: "transaction-cancelled", action: "retry" });
  });

  it("by another one needs a look at the position", () => {
    expect(explainReplacement("replaced")).toMatchObject({ kind: "transaction-replaced", action: "reload" });
  });
});
