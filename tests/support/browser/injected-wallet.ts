import { expect, type BrowserContext, type Page } from "@playwright/test";
import type { Address } from "viem";
import { SANDBOX_DEFAULT_CHAIN_ID } from "@/lib/config/sandbox";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";

/** A wallet for tests, like that of a browser extension. */
export interface InjectedWalletOptions {
  name: string;
  /** Its reverse domain name: EIP-6963 tells wallets apart by it. */
  rdns: string;
  accounts: readonly Address[];
  /** The chain id of the node behind it. */
  chainId: number;
  /** False: an old wallet, which is at `window.ethereum` and announces nothing. */
  announced: boolean;
}

/** A wallet's memory across reloads. */
export interface InjectedWalletMemory {
  accounts: readonly Address[];
  chainId: number;
  knownChains: readonly number[];
  permitted: boolean;
  locked: boolean;
  /** It signs no typed data, like an old device. */
  cannotSign: boolean;
  /** Others have to sign, as with a multisig: it keeps what it is asked to send, and answers with an identifier. */
  proposes: boolean;
  /** It answers a switch of the network, and stays where it is. */
  stays: boolean;
  /** What others have to sign, the latest last. */
  proposals: readonly { method: string; params?: readonly unknown[] }[];
}

/** A test's control over a wallet in the page. */
export interface InjectedWalletControl {
  /** The requested methods, the earliest first. */
  asked: string[];
  refuse(method: string): void;
  hold(method: string): void;
  /** False while nothing is held yet. */
  release(): boolean;
  change(change: Partial<InjectedWalletMemory>): void;
  /** The answer to a sent transaction in place of its hash. */
  answerWith?: unknown;
  /** The others sign the latest proposal; undefined while there are fewer than `count`. */
  execute(count: number): Promise<unknown>;
}

/** A JSON-RPC answer; `error` is the node's own object. */
export type NodeAnswer = { result: unknown } | { error: { code: number; message: string; data?: unknown } };

declare global {
  interface Window {
    ethereum?: unknown;
    injectedWallets?: Record<string, InjectedWalletControl>;
    /** Calls the node from outside the page, as an extension does: the page's policy does not apply. */
    askNode?: (request: { method: string; params?: unknown }) => Promise<NodeAnswer>;
  }
}

/** Runs in the page before its scripts, so it must not use anything defined outside. */
export function installWallet({ name, rdns, accounts, chainId, announced }: InjectedWalletOptions): void {
  if (!location.protocol.startsWith("http")) return;
  type Ask = { method: string; params?: readonly unknown[] };
  type Listener = (value: unknown) => void;
  const listeners = new Map<string, Set<Listener>>();
  const refused = new Set<string>();
  const held = new Set<string>();
  const asked: string[] = [];
  let open: (() => void) | undefined;

  const place = `test-wallet.${rdns}`;
  const fresh = {
    accounts,
    chainId,
    knownChains: [chainId, 1],
    permitted: false,
    locked: false,
    cannotSign: false,
    proposes: false,
    stays: false,
    proposals: [],
  };
  let memory: InjectedWalletMemory = JSON.parse(localStorage.getItem(place) ?? "null") ?? fresh;

  const hex = (id: number): string => `0x${id.toString(16)}`;
  const shared = () => (memory.permitted && !memory.locked ? memory.accounts : []);
  const failure = (code: number, message: string, data?: unknown) => Object.assign(new Error(message), { code, data });
  const emit = (event: string, value: unknown) => listeners.get(event)?.forEach((listener) => listener(value));

  function change(next: Partial<InjectedWalletMemory>): void {
    const before = { accounts: shared().join(), chainId: memory.chainId };
    memory = { ...memory, ...next };
    localStorage.setItem(place, JSON.stringify(memory));
    if (shared().join() !== before.accounts) emit("accountsChanged", shared());
    if (memory.chainId !== before.chainId) emit("chainChanged", hex(memory.chainId));
  }

  function goTo(id: number): null {
    if (memory.stays) return null;
    if (!memory.knownChains.includes(id)) throw failure(4902, `Unrecognized chain ID ${hex(id)}.`);
    change({ chainId: id });
    return null;
  }

  function propose(ask: Ask): string {
    const proposals = [...memory.proposals, ask];
    change({ proposals });
    return `0x${proposals.length}`;
  }

  async function forward(ask: Ask): Promise<unknown> {
    const needsPermission = ask.method === "eth_sendTransaction" || /^(personal|eth)_sign/.test(ask.method);
    if (needsPermission && shared().length === 0) throw failure(4100, "The account has not been authorized.");
    // MetaMask's message.
    if (memory.chainId !== chainId && ask.method.startsWith("eth_signTypedData"))
      throw failure(-32603, `Provided chainId "${chainId}" must match the active chainId "${memory.chainId}"`);
    if (memory.chainId !== chainId) throw failure(4901, "The wallet is on another chain.");
    const answer = await window.askNode?.(ask);
    if (!answer) throw failure(4900, "There is no node.");
    if ("error" in answer) throw failure(answer.error.code, answer.error.message, answer.error.data);
    return answer.result;
  }

  async function sendAs(ask: Ask): Promise<unknown> {
    const hash = await forward(ask);
    return "answerWith" in control ? control.answerWith : hash;
  }

  function answer(ask: Ask): unknown {
    const [first] = ask.params ?? [];
    const target = typeof first === "object" && first && "chainId" in first ? Number(first.chainId) : 0;
    switch (ask.method) {
      case "eth_chainId":
        return hex(memory.chainId);
      case "eth_accounts":
        return shared();
      case "eth_requestAccounts":
        change({ permitted: true });
        return shared();
      case "wallet_revokePermissions":
        change({ permitted: false });
        return null;
      case "wallet_switchEthereumChain":
        return goTo(target);
      case "wallet_addEthereumChain":
        change({ knownChains: [...memory.knownChains, target] });
        return goTo(target);
      case "eth_signTypedData_v4":
        if (memory.cannotSign) throw failure(-32603, "Ledger device: UNKNOWN_ERROR (0x6d02)");
        return forward(ask);
      case "eth_sendTransaction":
        return memory.proposes ? propose(ask) : sendAs(ask);
      default:
        if (ask.method.startsWith("wallet_")) throw failure(4200, `${ask.method} is not supported.`);
        return forward(ask);
    }
  }

  async function request(ask: Ask): Promise<unknown> {
    asked.push(ask.method);
    if (held.delete(ask.method)) await new Promise<void>((resolve) => (open = resolve));
    if (refused.delete(ask.method)) throw failure(4001, "User rejected the request.");
    return answer(ask);
  }

  const provider = {
    request,
    on: (event: string, listener: Listener) =>
      void listeners.set(event, (listeners.get(event) ?? new Set()).add(listener)),
    removeListener: (event: string, listener: Listener) => void listeners.get(event)?.delete(listener),
  };
  const control: InjectedWalletControl = {
    asked,
    refuse: (method: string) => void refused.add(method),
    hold: (method: string) => void held.add(method),
    release: () => {
      const release = open;
      open = undefined;
      release?.();
      return release !== undefined;
    },
    change,
    execute: async (count: number) => {
      const proposal = memory.proposals[count - 1];
      return proposal && forward(proposal);
    },
  };
  window.injectedWallets = { ...window.injectedWallets, [rdns]: control };
  if (!announced) {
    window.ethereum = provider;
    return;
  }
  const icon =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Ccircle cx='4' cy='4' r='4'/%3E%3C/svg%3E";
  const detail = Object.freeze({ info: { uuid: crypto.randomUUID(), name, icon, rdns }, provider });
  const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  window.addEventListener("eip6963:requestProvider", announce);
  announce();
}

/** Asks a node as a wallet does, by JSON-RPC; an error is part of the answer. */
export async function askNode(rpcUrl: string, request: { method: string; params?: unknown }): Promise<NodeAnswer> {
  const response = await fetch(rpcUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, params: [], ...request }),
  });
  return response.json();
}

/** The default wallet: it announces itself and has the sandbox's first two buyers. */
export const SOME_WALLET: InjectedWalletOptions = {
  name: "Test Wallet",
  rdns: "test.wallet",
  accounts: FUNDED_WALLETS.slice(0, 2),
  chainId: SANDBOX_DEFAULT_CHAIN_ID,
  announced: true,
};

/** A wallet extension in a browser. Every page of the context has it from its next load on, and all pages share its memory. */
export class InjectedWallet {
  private constructor(private readonly rdns: string) {}

  /** Puts a wallet into a browser. `rdns` distinguishes several wallets. */
  static async install(
    context: BrowserContext,
    rpcUrl: string,
    options: Partial<InjectedWalletOptions> = {},
  ): Promise<InjectedWallet> {
    const wallet = { ...SOME_WALLET, ...options };
    // A second wallet of a context uses the function that the first one exposed.
    await context.exposeFunction("askNode", askNode.bind(undefined, rpcUrl)).catch(() => undefined);
    await context.addInitScript(installWallet, wallet);
    return new InjectedWallet(wallet.rdns);
  }

  /** Declines the next request of this method. */
  refuse(page: Page, method: string): Promise<void> {
    return page.evaluate(([rdns, name]) => window.injectedWallets?.[rdns]?.refuse(name), [this.rdns, method] as const);
  }

  /** Leaves the next request of this method unanswered until `release`. */
  hold(page: Page, method: string): Promise<void> {
    return page.evaluate(([rdns, name]) => window.injectedWallets?.[rdns]?.hold(name), [this.rdns, method] as const);
  }

  /** Presses what leads to a request of this method, and leaves that unanswered until `release`. */
  async holdWhile(page: Page, method: string, press: () => Promise<unknown>): Promise<void> {
    await this.hold(page, method);
    await press();
    await expect.poll(() => this.asked(page)).toContain(method);
  }

  /** Answers the held request, once it has come. */
  release(page: Page): Promise<void> {
    return expect.poll(() => page.evaluate((rdns) => window.injectedWallets?.[rdns]?.release(), this.rdns)).toBe(true);
  }

  /** Changes the wallet itself: its accounts, its chain, or its lock. */
  change(page: Page, change: Partial<InjectedWalletMemory>): Promise<void> {
    return page.evaluate(([rdns, next]) => window.injectedWallets?.[rdns]?.change(next), [this.rdns, change] as const);
  }

  /** Has the others sign the latest proposal; undefined while there are fewer than `count`. */
  execute(page: Page, count: number): Promise<unknown> {
    return page.evaluate(([rdns, least]) => window.injectedWallets?.[rdns]?.execute(least), [
      this.rdns,
      count,
    ] as const);
  }

  /** The methods requested since the page was loaded. */
  asked(page: Page): Promise<readonly string[]> {
    return page.evaluate((rdns) => window.injectedWallets?.[rdns]?.asked ?? [], this.rdns);
  }
}
