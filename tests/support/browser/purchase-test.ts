import type { Address } from "viem";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { PurchasePage } from "@/tests/support/browser/purchase-page";
import { SaleLedger } from "@/tests/support/purchase/sale-ledger";
import { expect, test as base } from "@/tests/support/browser/sale-test";

interface PurchaseFixtures {
  purchase: PurchasePage;
  ledger: SaleLedger;
  /** Signs in, connects Sonar as a persona (its id), and connects the sandbox's wallet. */
  openAs: (persona: string) => Promise<void>;
}

/** Playwright's `test` for everything around a commitment. */
export const test = base.extend<PurchaseFixtures>({
  purchase: async ({ page }, use) => use(new PurchasePage(page)),
  ledger: async ({ sandbox }, use) => use(await SaleLedger.open(sandbox.rpcUrl)),
  openAs: async ({ purchase, context, app }, use) => use((persona) => purchase.openAs(context, app.url, persona)),
});

function buyer(index: number): Address {
  const wallet = FUNDED_WALLETS[index];
  if (!wallet) throw new Error(`the sandbox has no buyer ${index}`);
  return wallet;
}

/** The sandbox wallet's first two accounts. */
export const FIRST_BUYER = buyer(0);
export const SECOND_BUYER = buyer(1);

export { expect };
