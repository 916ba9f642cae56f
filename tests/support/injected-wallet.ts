import type { BrowserContext, Page } from "@playwright/test";
import { FUNDED_WALLETS, SANDBOX_CHAIN_ID } from "@/sandbox/chain/chain-facts";
import { askNode } from "@/tests/support/ask-node";
import {
  installWallet,
  type InjectedWalletMemory,
  type InjectedWalletOptions,
} from "@/tests/support/injected-wallet-script";

/** What a wallet is unless a test says otherwise: it announces itself and has the sandbox's first two buyers. */
export const SOME_WALLET: InjectedWalletOptions = {
  name: "Test Wallet",
  rdns: "test.wallet",
  accounts: FUNDED_WALLETS.slice(0, 2),
  chainId: SANDBOX_CHAIN_ID,
  announced: true,
};

/** A wallet extension in a browser. Every page of the context has it from its next load on; what it remembers is the context's. */
export class InjectedWallet {
  private constructor(private readonly rdns: string) {}

  /** Puts a wallet into a browser. Several are told apart by `rdns`. */
  static async install(
    context: BrowserContext,
    rpcUrl: string,
    options: Partial<InjectedWalletOptions> = {},
  ): Promise<InjectedWallet> {
    const wallet = { ...SOME_WALLET, ...options };
    // A second wallet of one context shares the first one's way to the node.
    await context.exposeFunction("askNode", askNode.bind(undefined, rpcUrl)).catch(() => undefined);
    await context.addInitScript(installWallet, wallet);
    return new InjectedWallet(wallet.rdns);
  }

  /** The user says no the next time that this method is asked for. */
  refuse(page: Page, method: string): Promise<void> {
    return page.evaluate(([rdns, name]) => window.injectedWallets?.[rdns]?.refuse(name), [this.rdns, method] as const);
  }

  /** The user does not look at the next request of this method, until `release`. */
  hold(page: Page, method: string): Promise<void> {
    return page.evaluate(([rdns, name]) => window.injectedWallets?.[rdns]?.hold(name), [this.rdns, method] as const);
  }

  /** The user answers what was held. */
  release(page: Page): Promise<void> {
    return page.evaluate((rdns) => window.injectedWallets?.[rdns]?.release(), this.rdns);
  }

  /** Something changes in the wallet itself: its accounts, its chain, whether it is locked. */
  change(page: Page, change: Partial<InjectedWalletMemory>): Promise<void> {
    return page.evaluate(([rdns, next]) => window.injectedWallets?.[rdns]?.change(next), [this.rdns, change] as const);
  }

  /** The methods that were asked for since the page was loaded. */
  asked(page: Page): Promise<readonly string[]> {
    return page.evaluate((rdns) => window.injectedWallets?.[rdns]?.asked ?? [], this.rdns);
  }
}
