/** Whether a value from outside is 0x and exactly so many hex digits, in either case. */
export function isHex(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits + 2 && /^0x[0-9a-f]+$/i.test(value);
}

/** An address (or another long hex id) with its middle left out. Compare full values only: ends are easy to forge. */
export function shortenAddress(address: string): string {
  return address.length <= 12 ? address : `${address.slice(0, 6)}…${address.slice(-4)}`;
}
