import { describe, expect, it } from "vitest";
import { visitorAddress, visitorNetworks } from "@/lib/http/visitor-address";
import { NetworkLimit } from "@/lib/public-demo";

const headersOf = (forwarded?: string) => new Headers(forwarded === undefined ? {} : { "X-Forwarded-For": forwarded });
const addressOf = (forwarded?: string, proxies = 1) => visitorAddress(headersOf(forwarded), proxies);

describe("the address of a demo's visitor", () => {
  it("is what the proxy in front has added last, not what the visitor wrote before", () => {
    expect(addressOf("198.51.100.1, 203.0.113.9")).toBe("203.0.113.9");
    expect(addressOf("203.0.113.9")).toBe("203.0.113.9");
    expect(addressOf("::ffff:203.0.113.9")).toBe("203.0.113.9");
    expect(addressOf(), "without a proxy, all share their limits").toBe("");
  });

  it("is as far from the end as there are trusted proxies, or the first one if there are fewer entries", () => {
    const forwarded = "198.51.100.1, 203.0.113.9, 192.0.2.4";
    expect([1, 2, 3, 4].map((proxies) => addressOf(forwarded, proxies))).toEqual([
      "192.0.2.4",
      "203.0.113.9",
      "198.51.100.1",
      "198.51.100.1",
    ]);
    // The server has put the connection's own address there.
    expect(addressOf("192.0.2.4", 0)).toBe("192.0.2.4");
  });

  it.each(["203.0.113.9:50123", "203.0.113.9", "[::ffff:203.0.113.9]:50123"])(
    "has no port, which would change with every connection: %s",
    (entry) => expect(addressOf(entry)).toBe("203.0.113.9"),
  );

  it.each([
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:1:2::9", "2001:db8:1:2"],
    ["2001:db8::9", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["2001:db8:1:2:3:4:5::", "2001:db8:1:2"],
  ])("of IPv6 is the network: one owner has all of %s", (address, network) => {
    expect(addressOf(address)).toBe(network);
  });

  it("of IPv6 lies in a larger network, which one customer may have", () => {
    const networksOf = (forwarded?: string) => visitorNetworks(headersOf(forwarded), 1);
    expect(networksOf("2001:db8:1:2::9")).toEqual(["2001:db8:1:2", "2001:db8:1"]);
    expect(networksOf("::1")).toEqual(["0:0:0:0", "0:0:0"]);
    for (const single of ["203.0.113.9", "::ffff:203.0.113.9"]) expect(networksOf(single)).toEqual(["203.0.113.9"]);
    expect(networksOf()).toEqual([""]);
  });
});

describe("the limit per network and minute", () => {
  it("counts each network for itself, and begins anew with the next minute", () => {
    const limit = new NetworkLimit(2);
    const uses = (network: string, now: number) => limit.refuses([network], now);
    expect([uses("a", 0), uses("a", 1), uses("a", 2), uses("b", 3)]).toEqual([
      undefined,
      undefined,
      "network",
      undefined,
    ]);
    expect(uses("a", 60_000)).toBeUndefined();
  });

  it("holds for a larger network too, at a few times that of a single one", () => {
    const limit = new NetworkLimit(2);
    const uses = Array.from({ length: 20 }, (_, index) => limit.refuses([`a:b:c:${index}`, "a:b:c"], 0));
    expect(uses.filter((refusal) => refusal === undefined)).toHaveLength(8);
    expect(uses.at(-1)).toBe("network");
    expect(limit.refuses(["a:b:d:1", "a:b:d"], 0)).toBeUndefined();
  });

  it("remembers a limited number of networks; those beyond share one count, and are not blamed for it", () => {
    const limit = new NetworkLimit(2);
    for (let index = 0; index < 20_000; index += 1) limit.refuses([`known ${index}`], 0);
    expect(["x", "y", "z"].map((network) => limit.refuses([network], 0))).toEqual([undefined, undefined, "others"]);
    expect(limit.refuses(["known 7"], 0)).toBeUndefined();
  });
});
