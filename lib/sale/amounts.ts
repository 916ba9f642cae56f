const THOUSANDS = /\B(?=(\d{3})+$)/g;

/** "5" becomes "50", since an amount of money is read with two decimals; nothing is ever cut off or rounded. */
function fractionText(digits: string): string {
  const significant = digits.replace(/0+$/, "");
  return significant === "" ? "" : `.${significant.padEnd(Math.min(2, digits.length), "0")}`;
}

/**
 * An amount in a token's smallest units as exact text, e.g. (125500000n, 6) -> "125.50". The separators are fixed and
 * not the locale's, so that server and browser render the same text.
 */
export function formatAmount(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(THOUSANDS, ",");
  return `${value < 0n ? "-" : ""}${whole}${fractionText(digits.slice(digits.length - decimals))}`;
}

/** An address (or another long hex id) with its middle left out. Compare full values only: ends are easy to forge. */
export function shortenAddress(address: string): string {
  return address.length <= 12 ? address : `${address.slice(0, 6)}…${address.slice(-4)}`;
}
