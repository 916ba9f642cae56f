import { describe, expect, it } from "vitest";
import { visitorAddress } from "@/lib/http/visitor-address";
import { AddressLimit } from "@/lib/public-demo";

const addressOf = (forwarded?: string) =>
  visitorAddress(new Headers(forwarded === undefined ? {} : { "X-Forwarded-For": forwarded }));

describe("the address of a demo's visitor", () => {
  it("is what the proxy in front has added last, not what the visitor wrote before", () => {
    expect(addressOf("198.51.100.1, 203.0.113.9")).toBe("203.0.113.9");
    expect(addressOf("203.0.113.9")).toBe("203.0.113.9");
    expect(addressOf("::ffff:203.0.113.9")).toBe("203.0.113.9");
    expect(addressOf(), "without a proxy, all share their limits").toBe("");
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["2001:db8:1:2:3:4:5::", "2001:db8:1:2"],
  ])("of IPv6 is the network: one owner has all of %s", (address, network) => {
    expect(addressOf(address)).toBe(network);
  });
});

describe("the limit per address and minute", () => {
  it("counts each address for itself, and begins anew with the next minute", () => {
    const limit = new AddressLimit(2);
    const uses = (address: string, now: number) => limit.admits(address, now);
    expect([uses("a", 0), uses("a", 1), uses("a", 2), uses("b", 3)]).toEqual([true, true, false, true]);
    expect(uses("a", 60_000)).toBe(true);
  });

  it("remembers a limited number of addresses; those beyond share one count", () => {
    const limit = new AddressLimit(2);
    for (let index = 0; index < 20_000; index += 1) limit.admits(`known ${index}`, 0);
    expect(["x", "y", "z"].map((address) => limit.admits(address, 0))).toEqual([true, true, false]);
    expect(limit.admits("known 7", 0)).toBe(true);
  });
});
