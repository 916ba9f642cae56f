import { afterEach, beforeEach } from "vitest";
import { openWallets } from "@/lib/wallet/connect/open-wallets";
import { createWallet, type Wallet } from "@/lib/wallet/wallet";
import { someChain } from "@/tests/support/purchase/some-purchase";

/** The wallet's account. */
export const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
/** Another account. */
export const OTHER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const ICON = "data:image/png;base64,AA==";
const CHAIN = { ...someChain, sandboxWallet: false, rpcUrls: ["http://127.0.0.1:1"] };
/** The sale's chain as a wallet names it. */
export const ON_CHAIN = "0x7a69";

/** A request to a wallet. */
export type Ask = { method: string; params?: readonly unknown[] };
/** A wallet's answers by method. */
export type Answers = Partial<Record<string, unknown>>;

/** A wallet whose answers a test chooses; a function answers by itself, and may throw. */
export function provider(answers: Answers = {}) {
  const listeners = new Map<string, (payload: unknown) => void>();
  const asked: string[] = [];
  const all: Answers = { eth_chainId: ON_CHAIN, eth_accounts: [ADDRESS], eth_requestAccounts: [ADDRESS], ...answers };
  return {
    asked,
    emit: (event: string, payload: unknown) => listeners.get(event)?.(payload),
    request: (ask: Ask): unknown => {
      asked.push(ask.method);
      if (!(ask.method in all)) return Promise.reject(Object.assign(new Error("no such method"), { code: -32601 }));
      const answer = all[ask.method];
      return typeof answer === "function" ? answer(ask) : Promise.resolve(answer);
    },
    on: (event: string, listener: (payload: unknown) => void) => void listeners.set(event, listener),
    removeListener: () => undefined,
  };
}

/** How a sound wallet announces itself. */
export const INFO = { uuid: "1", name: "Fox", icon: ICON, rdns: "test.fox" };

let cleanUp: (() => void)[] = [];
beforeEach(() => localStorage.clear());
afterEach(() => {
  for (const each of cleanUp) each();
  cleanUp = [];
  Reflect.deleteProperty(window, "ethereum");
});

/** Has a wallet announce itself now and whenever it is asked to. */
export function announce(detail: unknown, make = () => new CustomEvent("eip6963:announceProvider", { detail })): void {
  const say = () => void window.dispatchEvent(make());
  window.addEventListener("eip6963:requestProvider", say);
  cleanUp.push(() => window.removeEventListener("eip6963:requestProvider", say));
  say();
}

/** Defines `window.ethereum`. */
export function setEthereum(descriptor: PropertyDescriptor): void {
  Object.defineProperty(window, "ethereum", { configurable: true, ...descriptor });
}

/** The page's wallet, with the list of wallets open. */
export async function open(): Promise<Wallet> {
  const wallet = createWallet({ chain: CHAIN, load: (chain, store) => Promise.resolve(openWallets(chain, store)) });
  await wallet.choose();
  return wallet;
}

/** The names in that list. */
export const names = ({ store }: Wallet) => store.get().options?.map(({ name }) => name);

/** Connects a wallet with these answers, and returns the page's wallet and the provider. */
export async function connected(answers: Answers = {}, changes: object = {}) {
  const own = Object.assign(provider(answers), changes);
  announce({ info: INFO, provider: own });
  const wallet = await open();
  await wallet.connect("test.fox");
  return { wallet, own, state: () => wallet.store.get().state };
}

/** A getter or a function that fails. */
export const throwing = () => {
  throw new Error("no");
};

/** An answer that is a rejection with anything. */
export const refusal = (error: unknown) => async () => {
  await Promise.resolve();
  throw error;
};
