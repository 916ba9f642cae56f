/** Whether a value from outside is 0x and exactly so many hex digits, in either case. */
export function isHex(value: unknown, digits: number): boolean {
  return typeof value === "string" && value.length === digits + 2 && /^0x[0-9a-f]+$/i.test(value);
}
