import { getAddress } from "viem/utils";
import type { Address, Hash } from "viem";
import { isHex } from "@/lib/sale/hex";

/** A field of a wallet's answer. Reading it can throw: objects of extensions that were reloaded are dead proxies. */
export function fieldOf(answer: unknown, name: string): unknown {
  if ((typeof answer !== "object" && typeof answer !== "function") || answer === null) return undefined;
  try {
    return Reflect.get(answer, name);
  } catch {
    return undefined;
  }
}

/** Some wallets answer with the whole JSON-RPC response. */
export function unwrap(answer: unknown): unknown {
  return fieldOf(answer, "jsonrpc") === undefined ? answer : fieldOf(answer, "result");
}

function readAddress(item: unknown): Address[] {
  const text = typeof item === "string" ? item.trim() : fieldOf(item, "address");
  if (typeof text !== "string") return [];
  // CAIP-10 puts the chain before the address.
  const hex = text.replace(/^eip155:\d+:/i, "").toLowerCase();
  return isHex(hex, 40) ? [getAddress(`0x${hex.slice(2)}`)] : [];
}

/** The addresses in an answer to `eth_accounts`, each once and with its checksum; what is no address is left out. */
export function readAccounts(answer: unknown): Address[] {
  const list = unwrap(answer);
  const items: readonly unknown[] = Array.isArray(list) ? list : [list];
  return [...new Set(items.flatMap(readAddress))];
}

/** The number of a chain, written in hex, in decimal or by CAIP-2, or inside an object; undefined if it is none. */
export function readChainId(answer: unknown): number | undefined {
  const value = unwrap(answer);
  if (typeof value === "object" && value !== null) return readChainId(fieldOf(value, "chainId"));
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const text = `${value}`.trim().replace(/^eip155:/i, "");
  const id = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text.toLowerCase()) : 0;
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

const HASH_FIELDS = ["hash", "transactionHash", "txHash", "txid", "result", "transaction", "tx"];

/**
 * The transaction hash in an answer to `eth_sendTransaction`. Undefined for anything else: null, the identifier of a multisig's proposal, an
 * object without a hash. The transaction may have been sent all the same.
 */
export function readHash(answer: unknown, depth = 2): Hash | undefined {
  if (typeof answer === "string") {
    const hex = answer.trim().replace(/^0x/i, "").toLowerCase();
    return isHex(`0x${hex}`, 64) ? `0x${hex}` : undefined;
  }
  if (depth === 0) return undefined;
  const found = HASH_FIELDS.map((name) => readHash(fieldOf(answer, name), depth - 1));
  return found.find((hash) => hash !== undefined);
}

/** The error in an answer: some wallets answer with it instead of rejecting. Beside a transaction hash, it changes nothing. */
export function refusalIn(answer: unknown): unknown {
  if (readHash(answer) !== undefined) return undefined;
  const error = fieldOf(answer, "error");
  if ((typeof error === "object" && error !== null) || (typeof error === "string" && error !== "")) return error;
  const hasCode = ["number", "string"].includes(typeof fieldOf(answer, "code"));
  return answer instanceof Error || (hasCode && typeof fieldOf(answer, "message") === "string") ? answer : undefined;
}
