import "server-only";
import { BlockList, isIP } from "node:net";

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** True if a URL leads to this machine, where nobody can intercept a request. */
export function isLoopback(url: string): boolean {
  return URL.canParse(url) && LOOPBACK.has(new URL(url).hostname);
}

/** True if a browser or a secret may be sent to an address: over https, or over http to this machine. */
export function isSecureUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol } = new URL(url);
  return protocol === "https:" || (protocol === "http:" && isLoopback(url));
}

/** This machine and private networks: no public network lies between. */
const PRIVATE_SUBNETS = [
  ["0.0.0.0", 8, "ipv4"],
  ["10.0.0.0", 8, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["127.0.0.0", 8, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["::", 127, "ipv6"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
] as const;

/** Local and reserved addresses (RFC 6890): a public issuer has no reason to name one. */
const LOCAL_SUBNETS = [
  ...PRIVATE_SUBNETS,
  ["192.0.0.0", 24, "ipv4"],
  ["198.18.0.0", 15, "ipv4"],
  // Multicast, reserved and broadcast.
  ["224.0.0.0", 3, "ipv4"],
  // IPv4 addresses in IPv6 form: compatible (:: and ::1 among them) and mapped (RFC 4291), translated (RFC 6052, 8215), 6to4 (RFC 3056).
  ["::", 96, "ipv6"],
  ["::ffff:0:0", 96, "ipv6"],
  ["64:ff9b::", 96, "ipv6"],
  ["64:ff9b:1::", 48, "ipv6"],
  ["2002::", 16, "ipv6"],
  ["fec0::", 10, "ipv6"],
  ["ff00::", 8, "ipv6"],
] as const;

type Subnet = readonly [network: string, prefix: number, family: "ipv4" | "ipv6"];

/** One list for each family: in a common list, the subnet of mapped addresses would contain every IPv4 address too. */
function addressesOf(subnets: readonly Subnet[]) {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [network, prefix, family] of subnets) lists[family].addSubnet(network, prefix, family);
  return lists;
}

const PRIVATE_ADDRESSES = addressesOf(PRIVATE_SUBNETS);
const LOCAL_ADDRESSES = addressesOf(LOCAL_SUBNETS);

/** The URL parser has already normalised odd spellings of IPv4. Dots at the end of a name mean nothing. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, "").replace(/\.+$/, "");
}

function isAmong(addresses: typeof LOCAL_ADDRESSES, host: string): boolean {
  const family = isIP(host);
  if (family === 0) return host === "localhost" || host.endsWith(".localhost");
  const name = family === 4 ? "ipv4" : "ipv6";
  return addresses[name].check(host, name);
}

/** True if a host is this machine, or an address that is private or reserved. Host names are not resolved. */
function isLocalHost(host: string): boolean {
  return isAmong(LOCAL_ADDRESSES, host);
}

/** True for this machine and private addresses only: an IPv6 form of an IPv4 address may lead to a public one. */
export function isPrivateHost(host: string): boolean {
  return isAmong(PRIVATE_ADDRESSES, host);
}

/** This machine has several names. */
function isSameHost(url: string, other: string): boolean {
  return hostOf(url) === hostOf(other) || (isLoopback(url) && isLoopback(other));
}

/**
 * True if a browser, a code or the client's secret may be sent to an endpoint that a discovery document names. It must use https, or http
 * to this machine, and have no user name, which makes one host look like another. A local or private address is allowed only on a host of
 * the operator's own settings (`trusted`: the issuer and the document's address). Otherwise anybody who can change the document of a public
 * issuer could send the secret to a port of this machine or its network (server-side request forgery, RFC 9700 section 4.4). The
 * address that a name resolves to is not checked: it can change before the request is made.
 */
export function isSafeEndpoint(url: string, trusted: readonly string[]): boolean {
  if (!isSecureUrl(url)) return false;
  const { username, password } = new URL(url);
  if (username !== "" || password !== "") return false;
  return !isLocalHost(hostOf(url)) || trusted.some((own) => isSameHost(url, own));
}
