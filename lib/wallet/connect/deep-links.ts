import type { WalletLink } from "@/lib/wallet/wallet";

/** MetaMask reads the page's address from its own path, without the scheme, and decodes nothing. */
function metamask(page: URL): string {
  return `https://link.metamask.io/dapp/${page.host}${page.pathname}${page.search}`;
}

/** OKX packs a link of its own scheme into one to its website, which leads to the app, or to the store. */
function okx(page: URL): string {
  const inner = `okx://wallet/dapp/url?dappUrl=${encodeURIComponent(page.href)}`;
  return `https://web3.okx.com/download?deeplink=${encodeURIComponent(inner)}`;
}

const WALLETS: readonly (readonly [name: string, link: (page: URL) => string])[] = [
  ["MetaMask", metamask],
  ["Coinbase Wallet", ({ href }) => `https://go.cb-w.com/dapp?cb_url=${encodeURIComponent(href)}`],
  // 60 is the coin type of Ethereum (SLIP-44).
  ["Trust Wallet", ({ href }) => `https://link.trustwallet.com/open_url?coin_id=60&url=${encodeURIComponent(href)}`],
  ["Rabby", ({ href }) => `https://rabby.io/dapp?url=${encodeURIComponent(href)}`],
  ["OKX Wallet", okx],
];

/**
 * The links that open a page in the browsers of wallets' apps, in the form that each wallet documents. None for a page that is not on https:
 * the apps refuse it. The fragment is left out, since MetaMask's link would lose it and it names no page here.
 */
export function walletLinks(page: string): readonly WalletLink[] {
  const url = URL.canParse(page) ? new URL(page) : undefined;
  if (url?.protocol !== "https:") return [];
  url.hash = "";
  return WALLETS.map(([name, link]) => ({ name, href: link(url) }));
}

/** True for a phone or tablet, where wallets are apps. An iPad calls itself a Mac, but no Mac has a touch screen. */
export function isPhone({ userAgent, maxTouchPoints }: Pick<Navigator, "userAgent" | "maxTouchPoints">): boolean {
  return /Android|iPhone|iPad|iPod/i.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}
