import { describe, expect, it } from "vitest";
import { isPhone, walletLinks } from "@/lib/wallet/connect/deep-links";

const PAGE = "https://sale.example.com/join?ref=a%20b&lang=en#top";

function linkOf(name: string, page = PAGE): URL {
  return new URL(walletLinks(page).find((link) => link.name === name)?.href ?? "");
}

describe("links that open this page in a wallet's app", () => {
  it("lead to five wallets, by https alone", () => {
    const links = walletLinks(PAGE);
    expect(links.map(({ name }) => name)).toEqual([
      "MetaMask",
      "Coinbase Wallet",
      "Trust Wallet",
      "Rabby",
      "OKX Wallet",
    ]);
    for (const { href } of links) expect(new URL(href).protocol).toBe("https:");
  });

  it("MetaMask's has the address in its path, without the scheme and as it is", () => {
    const link = linkOf("MetaMask");
    expect(link.origin).toBe("https://link.metamask.io");
    expect(link.href).toBe("https://link.metamask.io/dapp/sale.example.com/join?ref=a%20b&lang=en");
  });

  it.each([
    { name: "Coinbase Wallet", at: "https://go.cb-w.com/dapp", parameter: "cb_url", others: [] },
    {
      name: "Trust Wallet",
      at: "https://link.trustwallet.com/open_url",
      parameter: "url",
      others: [["coin_id", "60"]],
    },
    { name: "Rabby", at: "https://rabby.io/dapp", parameter: "url", others: [] },
  ])("$name's has it as one parameter, from which it comes back whole", ({ name, at, parameter, others }) => {
    const { origin, pathname, searchParams, hash } = linkOf(name);
    expect(origin + pathname).toBe(at);
    expect(hash).toBe("");
    expect([...searchParams]).toEqual([...others, [parameter, "https://sale.example.com/join?ref=a%20b&lang=en"]]);
  });

  it("OKX's has a link of its own scheme inside, which has the address", () => {
    const { origin, pathname, searchParams } = linkOf("OKX Wallet");
    expect(origin + pathname).toBe("https://web3.okx.com/download");
    const inner = new URL(searchParams.get("deeplink") ?? "");
    expect(inner.href).toMatch(/^okx:\/\/wallet\/dapp\/url\?dappUrl=/);
    expect(inner.searchParams.get("dappUrl")).toBe("https://sale.example.com/join?ref=a%20b&lang=en");
  });

  it.each(["http://localhost:3000/", "http://sale.example.com/", "file:///sale.html", "javascript:alert(1)", ""])(
    "there is none for %s, which no app opens",
    (page) => expect(walletLinks(page)).toEqual([]),
  );
});

it.each([
  {
    device: "an iPhone",
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
    maxTouchPoints: 5,
    phone: true,
  },
  { device: "an Android phone", userAgent: "Mozilla/5.0 (Linux; Android 15; Pixel 9)", maxTouchPoints: 5, phone: true },
  { device: "an iPad", userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", maxTouchPoints: 5, phone: true },
  { device: "a Mac", userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", maxTouchPoints: 0, phone: false },
  {
    device: "a laptop that can be touched",
    userAgent: "Mozilla/5.0 (Windows NT 10.0)",
    maxTouchPoints: 10,
    phone: false,
  },
])("wallets are apps on $device: $phone", ({ userAgent, maxTouchPoints, phone }) => {
  expect(isPhone({ userAgent, maxTouchPoints })).toBe(phone);
});
