/** True for 0x followed by exactly this many hex digits, in either case. For values from outside. */
export function isHex(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits + 2 && /^0x[0-9a-f]+$/i.test(value);
}

/** Compares two addresses or ids. Their case carries no meaning: APIs, wallets and the chain each write it differently. */
export function sameHex(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}

/** An address (or another long hex id) without its middle. Compare full values only: the ends are easy to forge. */
export function shortenAddress(address: string): string {
  return address.length <= 12 ? address : `${address.slice(0, 6)}…${address.slice(-4)}`;
}
