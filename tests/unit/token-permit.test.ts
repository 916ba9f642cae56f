import { describe, expect, it } from "vitest";
import { privateKeyToAccount } from "viem/accounts";
import {
  parseSignature,
  serializeSignature,
  signatureToCompactSignature,
  serializeCompactSignature,
  type Hex,
} from "viem";
import { tokenPermitTypedData, usableSignature } from "@/lib/wallet/transactions/token-permit";

const owner = privateKeyToAccount(`0x${"11".repeat(32)}`);
const other = privateKeyToAccount(`0x${"22".repeat(32)}`);
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const messageOf = (nonce: bigint) =>
  tokenPermitTypedData({
    token: `0x${"cc".repeat(20)}`,
    name: "USD Coin",
    version: "2",
    chainId: 84_532,
    owner: owner.address,
    spender: `0x${"5a".repeat(20)}`,
    value: 125_500_000n,
    nonce,
    deadline: 1_800_000_000n,
  });

const withV = (signature: Hex, v: string) => `${signature.slice(0, -2)}${v}`;

/** The signature's twin, as libraries of old make it: s above half of the order, and the other v. */
function highS(signature: Hex): Hex {
  const { r, s, v = 27n } = parseSignature(signature);
  return serializeSignature({ r, s: `0x${(ORDER - BigInt(s)).toString(16).padStart(64, "0")}`, v: 55n - v });
}

type Form = (signature: Hex) => unknown;

const FORMS: Record<string, Form> = {
  "65 bytes": (signature) => signature,
  "a v of 0 or 1": (signature) => withV(signature, signature.endsWith("1b") ? "00" : "01"),
  "the wrong v": (signature) => withV(signature, signature.endsWith("1b") ? "1c" : "1b"),
  "a v of a chain (EIP-155)": (signature) => withV(signature, "25"),
  "64 bytes (EIP-2098)": (signature) =>
    serializeCompactSignature(signatureToCompactSignature(parseSignature(signature))),
  "an s above half of the order": highS,
  "upper case": (signature) => `0x${signature.slice(2).toUpperCase()}`,
  "no 0x": (signature) => signature.slice(2),
  "blanks around it": (signature) => ` ${signature}\n`,
  "an object": (signature) => ({ signature }),
  "a JSON-RPC answer": (signature) => ({ jsonrpc: "2.0", id: 1, result: signature }),
  "three parts": (signature) => ({ ...parseSignature(signature), v: Number(parseSignature(signature).v) }),
};

describe("a signature in another form is usable", () => {
  it.each(Object.entries(FORMS))("%s", async (_name, form) => {
    // Several, since half of all signatures have the one v and half the other.
    for (const nonce of [0n, 1n, 2n, 3n]) {
      const signature = await owner.signTypedData(messageOf(nonce));
      expect(await usableSignature(form(signature), messageOf(nonce), owner.address)).toBe(signature);
    }
  });
});

describe("an answer that is no signature of the account is of no use", () => {
  it.each<[string, unknown]>([
    ["null", null],
    ["undefined", undefined],
    ["{}", {}],
    ["[]", []],
    ["true", true],
    ["a number", 7],
    ["empty text", ""],
    ["0x", "0x"],
    ["text", "signed"],
    ["a hash", `0x${"ab".repeat(32)}`],
    ["zeros", `0x${"00".repeat(65)}`],
    ["ones", `0x${"ff".repeat(65)}`],
    ["66 bytes", `0x${"ab".repeat(66)}`],
    ["a contract's (ERC-1271)", `0x${"ab".repeat(130)}`],
    ["a contract's before its deployment (ERC-6492)", `0x${"ab".repeat(300)}${"6492".repeat(16)}`],
    ["parts that are no hex", { r: "1", s: "2", v: 27 }],
    [
      "an object whose fields throw",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("no");
          },
        },
      ),
    ],
  ])("%s", async (_name, answer) => {
    expect(await usableSignature(answer, messageOf(0n), owner.address)).toBeUndefined();
  });

  it("another account's, and one of another message", async () => {
    const message = messageOf(0n);
    expect(await usableSignature(await other.signTypedData(message), message, owner.address)).toBeUndefined();
    expect(await usableSignature(await owner.signTypedData(messageOf(1n)), message, owner.address)).toBeUndefined();
  });
});
