import "server-only";
import { isIPv6 } from "node:net";

/**
 * The network address of a visitor: the last entry of `X-Forwarded-For`, which the proxy in front has added itself. All entries before it are
 * the visitor's own words. Of an IPv6 address, only the network counts, because its owner has 2^64 addresses in it.
 */
export function visitorAddress(headers: Headers): string {
  const address = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim().toLowerCase() ?? "";
  if (!isIPv6(address)) return address.slice(0, 45);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  return mapped ?? networkOf(address);
}

/** A larger network may have this many times the uses of a single one: it can belong to one person, or to a town. */
export const SINGLE_NETWORKS = 4;

/**
 * The networks that a visitor's requests count for: its address, and around that of IPv6 the /48, because providers give customers up to 2^16
 * of the networks that `visitorAddress` tells apart.
 */
export function visitorNetworks(headers: Headers): readonly string[] {
  const address = visitorAddress(headers);
  const groups = address.split(":");
  return groups.length === 4 ? [address, groups.slice(0, 3).join(":")] : [address];
}

/** The first half of an IPv6 address. `::` stands for the zeros that are left out. */
function networkOf(address: string): string {
  const [head = [], tail] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = tail ? Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0") : [];
  return [...head, ...zeros, ...(tail ?? [])].slice(0, 4).join(":");
}
