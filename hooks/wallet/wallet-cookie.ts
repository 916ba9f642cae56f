import type { Address } from "viem";
import { WALLET_COOKIE } from "@/lib/browser-cookies";

const MAX_AGE_SECONDS = 30 * 24 * 60 * 60;

function isAddressText(value: string): value is Address {
  return /^0x[0-9a-fA-F]{40}$/.test(value);
}

/** The address in a cookie's value; undefined for anything else, since anybody can write into their own cookies. */
export function parseWalletCookie(value: string | undefined): Address | undefined {
  return value !== undefined && isAddressText(value) ? value : undefined;
}

/**
 * What to assign to `document.cookie`, to remember an address or, without one, to forget it. The server draws the page with it, and the page
 * knows from it that the module for wallets is wanted at once. Nothing is granted to whoever has it: addresses are public.
 */
export function walletCookie(address: Address | undefined): string {
  return `${WALLET_COOKIE}=${address ?? ""}; Path=/; Max-Age=${address ? MAX_AGE_SECONDS : 0}; SameSite=Lax`;
}
