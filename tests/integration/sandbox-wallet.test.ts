// @vitest-environment jsdom
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { getBalance, getConnection, sendTransaction, signTypedData, waitForTransactionReceipt } from "wagmi/actions";
import { verifyTypedData } from "viem";
import { baseSepolia } from "viem/chains";
import { createWallet, SANDBOX_WALLET, type Wallet, type WalletState } from "@/lib/wallet/wallet";
import { openWallets } from "@/lib/wallet/connect/open-wallets";
import { walletConfig } from "@/lib/wallet/connect/wallet-config";
import { parseWalletCookie, walletCookie, WALLET_COOKIE, writeCookie } from "@/lib/http/cookies";
import { EMPTY_WALLET, FUNDED_WALLETS, OPERATOR } from "@/sandbox/chain/chain-facts";
import { startChain, type RunningChain } from "@/sandbox/chain/start";
import { sandboxSaleChain } from "@/tests/support/sandbox/sandbox-buyer";

const [first, second] = FUNDED_WALLETS;

let chain: RunningChain;
beforeAll(async () => {
  // Another id than the usual one.
  chain = await startChain({ port: 0, chainId: baseSepolia.id });
});
afterAll(() => chain.close());
afterEach(() => {
  writeCookie(walletCookie(undefined));
  localStorage.clear();
});

function rememberedAddress() {
  return parseWalletCookie(new RegExp(`${WALLET_COOKIE}=([^;]+)`).exec(document.cookie)?.[1]);
}

/** A page load: the server renders with the cookie, the module is loaded at the first wish. */
function loadPage(): Wallet {
  return createWallet({
    chain: sandboxSaleChain(chain),
    initialAddress: rememberedAddress(),
    load: (saleChain, store) => Promise.resolve(openWallets(saleChain, store)),
  });
}

async function connectedPage(): Promise<Wallet> {
  const wallet = loadPage();
  await wallet.connect(SANDBOX_WALLET.id);
  return wallet;
}

function connected({ store }: Wallet): Extract<WalletState, { status: "connected" }> {
  const { state } = store.get();
  if (state.status !== "connected") throw new Error(`The wallet is ${state.status}.`);
  return state;
}

describe("the sandbox's wallet", () => {
  it("is connected on the sale's chain with the accounts of buyers only", async () => {
    const { chainId, walletName, accounts, address } = connected(await connectedPage());
    expect({ chainId, walletName, address }).toEqual({
      chainId: baseSepolia.id,
      walletName: SANDBOX_WALLET.name,
      address: first,
    });
    expect(accounts).toEqual(expect.arrayContaining([...FUNDED_WALLETS, EMPTY_WALLET]));
    expect(accounts).not.toContain(OPERATOR);
  });

  it("is kept with its account until it is disconnected", async () => {
    const wallet = await connectedPage();
    wallet.switchAccount(second ?? EMPTY_WALLET);
    await expect.poll(() => connected(wallet).address).toBe(second);
    expect(rememberedAddress()).toBe(second);

    const reloaded = loadPage();
    expect(reloaded.store.get().state).toEqual({ status: "reconnecting", address: second });
    await reloaded.reconnect(second ?? EMPTY_WALLET);
    expect(connected(reloaded).address).toBe(second);

    await reloaded.disconnect();
    expect(reloaded.store.get().state).toEqual({ status: "none" });
    expect(rememberedAddress()).toBeUndefined();
  });

  it("pays and signs with the displayed account", async () => {
    const wallet = await connectedPage();
    wallet.switchAccount(second ?? EMPTY_WALLET);
    await expect.poll(() => connected(wallet).address).toBe(second);
    expect(getConnection(walletConfig()).address).toBe(second);

    const before = await getBalance(walletConfig(), { address: EMPTY_WALLET });
    const hash = await sendTransaction(walletConfig(), { to: EMPTY_WALLET, value: 5n });
    await waitForTransactionReceipt(walletConfig(), { hash });
    const after = await getBalance(walletConfig(), { address: EMPTY_WALLET });
    expect(after.value - before.value).toBe(5n);

    const message = { types: { Note: [{ name: "text", type: "string" }] }, primaryType: "Note" } as const;
    const typedData = { ...message, domain: { chainId: baseSepolia.id }, message: { text: "yes" } };
    const signature = await signTypedData(walletConfig(), typedData);
    expect(await verifyTypedData({ ...typedData, address: second ?? EMPTY_WALLET, signature })).toBe(true);
  });

  it("can be switched to another chain, where it sends nothing, and back", async () => {
    const wallet = await connectedPage();
    await wallet.leaveChain();
    expect(connected(wallet).chainId).toBe(1);
    await expect(sendTransaction(walletConfig(), { to: EMPTY_WALLET, value: 1n })).rejects.toThrow();
    await wallet.switchChain();
    expect(connected(wallet).chainId).toBe(baseSepolia.id);
  });
});
