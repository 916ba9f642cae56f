import "server-only";
import { isIPv6 } from "node:net";

/**
 * The entry of `X-Forwarded-For` that is believed. Every proxy adds the address that it was asked from at the end, so that with n trusted
 * proxies the nth entry from the end is the visitor's address, and all before it are the visitor's own words. With fewer entries, a proxy
 * was left out: then the first one counts. Without a trusted proxy, the header holds the connection's own address only (see
 * `lib/http/server-connections.ts`).
 */
function believedEntry(forwarded: string, trustedProxies: number): string {
  const entries = forwarded.split(",").map((entry) => entry.trim().toLowerCase());
  return entries.at(-Math.max(1, trustedProxies)) ?? entries[0] ?? "";
}

/** Some proxies add the port, which changes with every connection: each would count for itself. */
function withoutPort(entry: string): string {
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry)?.[1] ?? /^\[([\da-f:.]+)\](?::\d+)?$/.exec(entry)?.[1] ?? entry;
}

/**
 * The network address of a visitor, from behind this number of trusted proxies. Of an IPv6 address, only the network counts, because its
 * owner has 2^64 addresses in it.
 */
export function visitorAddress(headers: Headers, trustedProxies: number): string {
  const address = withoutPort(believedEntry(headers.get("x-forwarded-for") ?? "", trustedProxies));
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
export function visitorNetworks(headers: Headers, trustedProxies: number): readonly string[] {
  const address = visitorAddress(headers, trustedProxies);
  const groups = address.split(":");
  return groups.length === 4 ? [address, groups.slice(0, 3).join(":")] : [address];
}

/** The first half of an IPv6 address. `::` stands for the zeros that are left out. */
function networkOf(address: string): string {
  const [head = [], tail] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const zeros = tail ? Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0") : [];
  return [...head, ...zeros, ...(tail ?? [])].slice(0, 4).join(":");
}
