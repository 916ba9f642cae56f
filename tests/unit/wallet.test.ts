import { beforeEach, expect, it, vi } from "vitest";
import { createWallet, SANDBOX_WALLET, type WalletActions } from "@/lib/wallet/wallet";
import type { SaleChain } from "@/lib/sale/state";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { SANDBOX_SALE } from "@/lib/config/sandbox";

const CHAIN: SaleChain = {
  chainId: 31337,
  chainName: "Sandbox chain",
  nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
  contract: SANDBOX_SALE,
  rpcUrls: ["http://127.0.0.1:1"],
  sandboxWallet: true,
};
const [address] = FUNDED_WALLETS;

beforeEach(() => void vi.stubGlobal("navigator", { onLine: true }));

function someSession() {
  const wish = () => Promise.resolve();
  return {
    connect: vi.fn(wish),
    reconnect: vi.fn(wish),
    disconnect: vi.fn(wish),
    switchChain: vi.fn(wish),
    switchAccount: vi.fn(),
    leaveChain: vi.fn(wish),
  } satisfies WalletActions;
}

it("nothing is loaded before something is asked for, and then once", async () => {
  const session = someSession();
  const load = vi.fn(() => Promise.resolve(session));
  const wallet = createWallet({ chain: CHAIN, load });
  expect(load).not.toHaveBeenCalled();
  await Promise.all([wallet.choose(), wallet.connect("a"), wallet.connect("b")]);
  expect(load).toHaveBeenCalledTimes(1);
  expect(session.connect.mock.calls).toEqual([["a"], ["b"]]);
});

it("a load that fails is told, and the next wish loads again", async () => {
  const session = someSession();
  const load = vi.fn(() => Promise.resolve(session)).mockRejectedValueOnce(new TypeError("Failed to fetch"));
  const wallet = createWallet({ chain: CHAIN, initialAddress: address, load });
  await wallet.choose();
  expect(wallet.store.get()).toMatchObject({
    state: { status: "none" },
    choosing: true,
    error: { action: "reload-page" },
  });
  await wallet.choose();
  expect(wallet.store.get().error).toBeUndefined();
  expect(load).toHaveBeenCalledTimes(2);
});

const FOX = { id: "test.fox", name: "Fox", kind: "browser" } as const;
const SANDBOX = { ...SANDBOX_WALLET, kind: "sandbox" } as const;

it.each([
  { found: [SANDBOX], connects: [["sandbox"]], choosing: false },
  { found: [FOX, SANDBOX], connects: [], choosing: true },
  { found: [], connects: [], choosing: true },
])("the only wallet is connected at once, and otherwise the user chooses: $found.length", async (one) => {
  const session = someSession();
  const wallet = createWallet({
    chain: CHAIN,
    load: (_, store) => {
      store.set({ options: one.found });
      return Promise.resolve(session);
    },
  });
  const pressed = wallet.connectOrChoose();
  expect(wallet.store.get().opening, "the press is answered before the code is there").toBe(true);
  await Promise.all([pressed, wallet.connectOrChoose()]);
  expect(session.connect.mock.calls).toEqual(one.connects);
  expect(wallet.store.get()).toMatchObject({ opening: false, choosing: one.choosing });
});

it("a press whose code cannot be loaded is told at the step, without a dialog", async () => {
  const wallet = createWallet({ chain: CHAIN, load: () => Promise.reject(new TypeError("Failed to fetch")) });
  await wallet.connectOrChoose();
  expect(wallet.store.get()).toMatchObject({ opening: false, choosing: false, error: { action: "reload-page" } });
});

it("what the server rendered with stays known to parts that hydrate late", () => {
  const wallet = createWallet({ chain: CHAIN, initialAddress: address, load: () => Promise.resolve(someSession()) });
  wallet.store.set({ state: { status: "none" } });
  expect(wallet.store.initial().state).toEqual({ status: "reconnecting", address });
});

it("without a chain there is no wallet to reconnect, and nothing to load", async () => {
  const load = vi.fn(() => Promise.resolve(someSession()));
  const wallet = createWallet({ initialAddress: address, load });
  expect(wallet.store.get().state).toEqual({ status: "none" });
  await wallet.connect("a");
  expect(load).not.toHaveBeenCalled();
});
