import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  connected,
  ON_CHAIN,
  open,
  provider,
  refusal,
  setEthereum,
  type Answers,
  type Ask,
} from "@/tests/support/browser/odd-wallet";

describe("a switch to the sale's network", () => {
  const SWITCH = "wallet_switchEthereumChain";
  const ADD = "wallet_addEthereumChain";

  // The page gives a wallet a second to make the switch that it has answered.
  beforeEach(() => void vi.useFakeTimers().setTimerTickMode("nextTimerAsync"));
  afterEach(() => void vi.useRealTimers());

  /** A wallet on another network, which goes to the sale's with these methods only. */
  async function elsewhere(answers: Answers, going: readonly string[] = []) {
    let chain = "0x1";
    let added = false;
    const answer = (method: string) => (asked: Ask) => {
      const own = answers[method];
      const result: unknown = typeof own === "function" ? own(asked, added) : Promise.resolve(own ?? null);
      added ||= method === ADD;
      return Promise.resolve(result).then((value) => {
        if (going.includes(method)) chain = ON_CHAIN;
        return value;
      });
    };
    const opened = await connected({ eth_chainId: () => chain, [SWITCH]: answer(SWITCH), [ADD]: answer(ADD) });
    await opened.wallet.switchChain();
    const asked = opened.own.asked.filter((method) => method.startsWith("wallet_") && method.endsWith("Chain"));
    return { asked, ...opened.wallet.store.get() };
  }

  it.each<[string, unknown]>([
    ["4902", { code: 4902, message: "" }],
    ["4902 as text", { code: "4902" }],
    ["-32603 with 4902 inside", { code: -32603, data: { originalError: { code: 4902 } } }],
    ["-32603 alone", { code: -32603, message: "Internal JSON-RPC error." }],
    ["-32601", { code: -32601, message: "the method does not exist" }],
    ["4200", { code: 4200 }],
    ["text", "Unrecognized chain ID. Try adding the chain first."],
    ["an error without a code", new Error("Chain 31337 is not configured")],
    ["null", null],
    ["{}", {}],
  ])("that is refused with %s leads to adding the network", async (_form, error) => {
    const { state, asked, error: shown } = await elsewhere({ [SWITCH]: refusal(error) }, [ADD]);
    expect(asked).toEqual([SWITCH, ADD]);
    expect(state).toMatchObject({ status: "connected", chainId: 31337 });
    expect(shown).toBeUndefined();
  });

  it("that is answered, and followed by nothing, leads to adding the network", async () => {
    const { state, asked } = await elsewhere({ [SWITCH]: null }, [ADD]);
    expect([asked, state]).toMatchObject([[SWITCH, ADD], { chainId: 31337 }]);
  });

  it("is asked for again where adding the network did only that", async () => {
    const once = (_asked: Ask, added: boolean) =>
      added ? Promise.resolve(null) : Promise.reject(Object.assign(new Error(), { code: 4902 }));
    let chain = "0x1";
    const { wallet, own, state } = await connected({
      eth_chainId: () => chain,
      [SWITCH]: (asked: Ask) => once(asked, own.asked.includes(ADD)).then(() => ((chain = ON_CHAIN), null)),
      [ADD]: null,
    });
    await wallet.switchChain();
    expect(own.asked.filter((method) => /Chain$/.test(method))).toEqual([SWITCH, ADD, SWITCH]);
    expect(state()).toMatchObject({ chainId: 31337 });
  });

  it("is told to be impossible where the wallet has gone from the page", async () => {
    setEthereum({ value: provider({ eth_chainId: "0x1" }) });
    const wallet = await open();
    await wallet.connect("injected");
    setEthereum({ value: undefined });
    await wallet.switchChain();
    expect(wallet.store.get().error?.sentence).toMatch(/^Your wallet did not switch/);
  });

  it.each<[string, Answers]>([
    ["neither of both is known", { [SWITCH]: refusal({ code: -32601 }), [ADD]: refusal({ code: -32601 }) }],
    ["both are answered with null", {}],
    ["both are answered with {}", { [SWITCH]: {}, [ADD]: {} }],
    ["adding is refused by text", { [SWITCH]: refusal("no"), [ADD]: refusal("no") }],
  ])("where %s is told with the network's details", async (_what, answers) => {
    const { state, error } = await elsewhere(answers);
    expect(state).toMatchObject({ status: "connected", chainId: 1 });
    expect(error).toEqual({
      sentence:
        "Your wallet did not switch to Sandbox. Switch to it in your wallet. If it is not listed there, add it with the details below.",
      action: "none",
      showsNetwork: true,
    });
  });

  it.each<[string, Answers]>([
    ["the switch", { [SWITCH]: refusal({ code: "4001" }) }],
    ["the switch in words", { [SWITCH]: refusal("rejected") }],
    ["the new network", { [SWITCH]: refusal({ code: 4902 }), [ADD]: refusal(new Error("User rejected")) }],
  ])("is not asked for again by a user who declines %s", async (_what, answers) => {
    const { asked, error } = await elsewhere(answers);
    expect(asked.filter((method) => method === SWITCH)).toHaveLength(1);
    expect(error).toEqual({
      sentence: "You declined the switch. Your wallet is still on the other network.",
      action: "retry",
    });
  });

  it("stops where the wallet still shows an earlier request", async () => {
    const { asked, error } = await elsewhere({ [SWITCH]: refusal({ code: -32002 }) });
    expect(asked).toEqual([SWITCH]);
    expect(error?.sentence).toMatch(/still showing an earlier request/);
  });

  it("that the user makes in the wallet clears what was said of the failure", async () => {
    const { wallet, own } = await connected({ eth_chainId: "0x1", [SWITCH]: null, [ADD]: null });
    await wallet.switchChain();
    expect(wallet.store.get().error).toBeDefined();
    own.emit("chainChanged", ON_CHAIN);
    await vi.waitFor(() => expect(wallet.store.get().error).toBeUndefined());
  });

  it("adds the network with everything that a wallet needs to know", async () => {
    const add = vi.fn((_ask: Ask) => Promise.resolve(null));
    await elsewhere({ [SWITCH]: refusal({ code: 4902 }), [ADD]: add }, [ADD]);
    expect(add.mock.calls[0]?.[0].params).toEqual([
      {
        chainId: ON_CHAIN,
        chainName: "Sandbox",
        nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 },
        rpcUrls: ["http://127.0.0.1:1"],
      },
    ]);
  });
});
