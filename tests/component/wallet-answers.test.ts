import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { explainError } from "@/lib/purchase/errors/explain-error";
import { guardProvider } from "@/lib/wallet/connect/injected-wallets";
import {
  ADDRESS,
  connected,
  ON_CHAIN,
  OTHER,
  provider,
  refusal,
  throwing,
  type Answers,
} from "@/tests/support/browser/odd-wallet";

describe("a wallet's odd answers", () => {
  it.each<[string, Answers]>([
    ["accounts in lower case", { eth_requestAccounts: [ADDRESS.toLowerCase()], eth_accounts: [ADDRESS.toLowerCase()] }],
    ["accounts in upper case", { eth_requestAccounts: [ADDRESS.toUpperCase().replace("X", "x")] }],
    ["one account as text", { eth_requestAccounts: ADDRESS }],
    ["accounts as objects", { eth_requestAccounts: [{ address: ADDRESS }] }],
    ["accounts with their chain", { eth_requestAccounts: [`eip155:1:${ADDRESS}`] }],
    ["accounts among rubbish, twice", { eth_requestAccounts: [null, "0x12", {}, ADDRESS, ADDRESS.toLowerCase(), 7] }],
    ["nothing to the request, and accounts afterwards", { eth_requestAccounts: null }],
    ["without promises", { eth_requestAccounts: () => [ADDRESS], eth_chainId: () => ON_CHAIN }],
    ["a whole JSON-RPC answer", { eth_requestAccounts: { jsonrpc: "2.0", id: 1, result: [ADDRESS] } }],
    ["null to permissions", { wallet_requestPermissions: null }],
    ["{} to permissions", { wallet_requestPermissions: {} }],
    ["an error that is null", { wallet_requestPermissions: refusal(null) }],
    ["an error at once", { wallet_requestPermissions: throwing }],
    ["the chain as a number", { eth_chainId: 31337 }],
    ["the chain as decimal text", { eth_chainId: "31337" }],
    ["the chain in upper case", { eth_chainId: "0X7A69" }],
    ["the chain with leading zeros", { eth_chainId: "0x00007a69" }],
    ["the chain by CAIP-2", { eth_chainId: "eip155:31337" }],
    ["the chain by net_version only", { eth_chainId: null, net_version: "31337" }],
  ])("%s: connected", async (_form, answers) => {
    const { state } = await connected(answers);
    expect(state()).toMatchObject({ status: "connected", address: ADDRESS, accounts: [ADDRESS], chainId: 31337 });
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["{}", {}],
    ["0x", "0x"],
    ["zero", 0],
    ["a word", "mainnet"],
    ["an error", () => Promise.reject(new Error("no"))],
  ])("of %s for the chain: connected, on a network that is not the sale's", async (_form, chain) => {
    const { state } = await connected({ eth_chainId: chain });
    expect(state()).toMatchObject({ status: "connected", address: ADDRESS, chainId: 0 });
  });

  it.each<[string, unknown]>([
    ["null", null],
    ["{}", {}],
    ["a number", 7],
    ["an empty list", []],
    ["rubbish", ["0x12", null]],
  ])("of %s for the accounts: the wallet shares none", async (_form, accounts) => {
    const { wallet, state } = await connected({ eth_requestAccounts: accounts, eth_accounts: accounts });
    expect(state()).toEqual({ status: "none" });
    expect(wallet.store.get().error?.sentence).toBe("Your wallet is locked. Unlock it and try again.");
  });

  it.each<[string, unknown]>([
    ["a code as text", { code: "4001" }],
    ["text", "User rejected the request"],
    ["an error that is thrown at once", { message: "rejected" }],
    ["a code deep inside", { data: { originalError: { code: 4001 } } }],
  ])("of a rejection as %s: asked once, and told so", async (_form, error) => {
    const refuse = () => {
      throw error;
    };
    const { wallet, own } = await connected({ wallet_requestPermissions: refuse, eth_requestAccounts: refuse });
    expect(wallet.store.get().error?.sentence).toMatch(/^You declined in your wallet/);
    expect(own.asked).not.toContain("eth_requestAccounts");
  });

  it.each<[string, unknown]>([
    ["a JSON-RPC answer", { jsonrpc: "2.0", id: 1, error: { code: 4001, message: "no" } }],
    ["an object with an error", { error: { code: 4001 } }],
    ["the error itself", { code: 4001, message: "no" }],
    ["an instance of Error", Object.assign(new Error("no"), { code: 4001 })],
    ["text in error", { error: "User rejected the request" }],
  ])("of a rejection as an answer, by %s: told so", async (_form, answer) => {
    const { wallet } = await connected({
      wallet_requestPermissions: [],
      eth_requestAccounts: answer,
      eth_accounts: [],
    });
    expect(wallet.store.get().error?.sentence).toMatch(/^You declined in your wallet/);
  });

  it.each<[string, unknown, unknown]>([
    ["a transaction's hash beside an error", { hash: "0x12", error: "late" }, { hash: "0x12", error: "late" }],
    ["an error that is null", { error: null, result: 1 }, { error: null, result: 1 }],
    ["a JSON-RPC answer", { jsonrpc: "2.0", id: 1, result: "0x12" }, "0x12"],
  ])("%s is not taken for a refusal", async (_form, answer, result) => {
    const hash = `0x${"ab".repeat(32)}`;
    const withHash = JSON.parse(JSON.stringify(answer).replace("0x12", hash));
    const expected = JSON.parse(JSON.stringify(result).replace("0x12", hash));
    const guarded = guardProvider(provider({ eth_sendTransaction: withHash }));
    expect(await guarded?.request({ method: "eth_sendTransaction", params: [{}] })).toEqual(expected);
  });

  describe("that never come", () => {
    const LIMIT_MS = 20_000;
    const never = () => new Promise(() => undefined);
    const ask = async (method: string): Promise<unknown> => {
      const guarded = guardProvider(provider({ [method]: never }));
      return guarded && Reflect.apply(guarded.request, guarded, [{ method }]);
    };
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    it.each(["eth_chainId", "eth_accounts", "eth_blockNumber"])("to %s are waited for 20 seconds", async (method) => {
      const end = ask(method).catch(explainError);
      await vi.advanceTimersByTimeAsync(LIMIT_MS);
      await expect(end).resolves.toEqual({
        kind: "wallet-unreached",
        sentence: expect.stringMatching(/^Your wallet does not answer\. Nothing was sent\. .* reload this page\.$/),
        action: "reload-page",
      });
    });

    it.each(["eth_sendTransaction", "eth_signTypedData_v4", "eth_requestAccounts", "wallet_switchEthereumChain"])(
      "to %s, which the user decides, have no limit",
      async (method) => {
        const onEnd = vi.fn();
        void ask(method).then(onEnd, onEnd);
        await vi.advanceTimersByTimeAsync(100 * LIMIT_MS);
        expect(onEnd).not.toHaveBeenCalled();
      },
    );
  });

  it("closing WalletConnect's window has words of its own", async () => {
    const closed = () => Promise.reject(new Error("Connection request reset. Please try again."));
    const { wallet } = await connected({ eth_requestAccounts: closed });
    expect(wallet.store.get().error?.sentence).toMatch(/^The connection window was closed/);
  });
});

describe("a wallet's odd events", () => {
  const events = async (event: string, payload: unknown, answers: Answers) => {
    const now: Answers = {};
    const { own, state } = await connected({
      eth_accounts: () => Promise.resolve(now.eth_accounts ?? [ADDRESS]),
      eth_chainId: () => Promise.resolve(now.eth_chainId ?? ON_CHAIN),
    });
    expect(state().status).toBe("connected");
    Object.assign(now, answers);
    own.emit(event, payload);
    return state;
  };

  it.each([null, undefined, {}, "locked", []])(
    "accountsChanged with %j disconnects a wallet that is locked",
    async (payload) => {
      const state = await events("accountsChanged", payload, { eth_accounts: [] });
      await vi.waitFor(() => expect(state()).toEqual({ status: "none" }));
    },
  );

  it.each([null, {}, [OTHER.toLowerCase()], OTHER])("accountsChanged with %j follows the wallet", async (payload) => {
    const state = await events("accountsChanged", payload, { eth_accounts: [OTHER] });
    await vi.waitFor(() => expect(state()).toMatchObject({ status: "connected", address: OTHER }));
  });

  it.each([1, "1", "0x1", "0X01", null, {}, "mainnet"])("chainChanged with %j follows the wallet", async (payload) => {
    const state = await events("chainChanged", payload, { eth_chainId: "0x1" });
    await vi.waitFor(() => expect(state()).toMatchObject({ status: "connected", chainId: 1 }));
  });

  it("disconnect with null disconnects", async () => {
    const state = await events("disconnect", null, {});
    await vi.waitFor(() => expect(state()).toEqual({ status: "none" }));
  });

  it.each<[string, object]>([
    ["without on", { on: undefined, removeListener: undefined }],
    ["with on that throws", { on: throwing, removeListener: throwing }],
    ["with on that is no function", { on: {}, removeListener: 7 }],
  ])("a wallet %s is connected and disconnected", async (_form, changes) => {
    const { wallet, state } = await connected({}, changes);
    expect(state()).toMatchObject({ status: "connected" });
    await wallet.disconnect();
    expect(state()).toEqual({ status: "none" });
  });
});
