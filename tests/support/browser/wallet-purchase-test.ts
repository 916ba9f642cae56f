import { InjectedWallet, SOME_WALLET } from "@/tests/support/browser/injected-wallet";
import { test as base } from "@/tests/support/browser/purchase-test";

/** Playwright's `test` with Ada, who has connected a browser wallet that the test controls, and has typed an amount. */
export const test = base.extend<{ wallet: InjectedWallet }>({
  wallet: async ({ context, app, sandbox, purchase }, use) => {
    const wallet = await InjectedWallet.install(context, sandbox.rpcUrl);
    await purchase.openAs(context, app.url, "ada", SOME_WALLET.name);
    await purchase.amount.fill("125.50");
    await use(wallet);
  },
});
