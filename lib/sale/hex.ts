import type { Hex } from "viem";

const UUID = /^(?:0x)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Reads bytes: hexadecimal text with or without 0x, or with the dashes of a UUID, in either case. Sonar's documents show ids in all of these
 * forms. The result has 0x and lower-case digits, so that equal bytes are equal text. Undefined for any other text.
 */
export function readHex(text: string): Hex | undefined {
  const lower = text.trim().toLowerCase();
  const digits = (UUID.test(lower) ? lower.replaceAll("-", "") : lower).replace(/^0x/, "");
  return /^(?:[0-9a-f]{2})*$/.test(digits) ? `0x${digits}` : undefined;
}

/** True for base58 in the length of Solana's addresses. Some hexadecimal texts are base58 too, and are not meant. */
export function isSolanaAddress(text: string): boolean {
  return /^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(text.trim()) && !/^[0-9a-f]+$/i.test(text.trim());
}

/** An id of 16 bytes as a lower-case UUID, the form of Sonar's API calls; undefined for anything else. */
export function readUuid(text: string): string | undefined {
  const hex = readHex(text);
  if (hex?.length !== 34) return undefined;
  return hex.slice(2).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** True for 0x followed by exactly this many hex digits, in either case. For values from outside. */
export function isHex(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits + 2 && /^0x[0-9a-f]+$/i.test(value);
}

function comparable(id: string | undefined): string | undefined {
  return id === undefined ? undefined : (readHex(id) ?? id.toLowerCase());
}

/** Compares the bytes of two addresses or ids: APIs, wallets and the chain each write them differently. */
export function sameHex(one: string | undefined, other: string | undefined): boolean {
  return comparable(one) === comparable(other);
}

/**
 * An address (or another long hex id) without its middle. Six digits stay at each end: an address that shares four with another one is made
 * within minutes, to be taken for it. Compare full values only.
 */
export function shortenAddress(address: string): string {
  return address.length <= 16 ? address : `${address.slice(0, 8)}…${address.slice(-6)}`;
}
