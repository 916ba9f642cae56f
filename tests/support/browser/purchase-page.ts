import { expect, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { createTestClient, http, publicActions } from "viem";
import { connectContext, connectWallet } from "@/tests/support/browser/connect-browser";
import { shownText } from "@/tests/support/browser/shown-text";

/** The steps of the purchase on the app's main page, by the names that a person reads. */
export class PurchasePage {
  readonly form: Locator;
  readonly amount: Locator;
  readonly position: Locator;
  readonly confirmed: Locator;
  readonly submit: Locator;

  constructor(readonly page: Page) {
    this.form = page.getByRole("form", { name: "Commitment" });
    this.amount = this.form.getByRole("textbox", { name: /^Amount/ });
    this.submit = this.form.getByRole("button", { name: /^(Commit|Add|Change)/ });
    this.position = page.getByRole("region", { name: "Your position" });
    this.confirmed = shownText(page, "Your commitment is confirmed");
  }

  /** Connects Sonar as a persona (its id) without a page, then a wallet with one. */
  async openAs(context: BrowserContext, appUrl: string, persona: string, wallet = "Sandbox wallet"): Promise<void> {
    await connectContext(context, appUrl, persona);
    await this.page.goto(`${appUrl}/`);
    await connectWallet(this.page, wallet);
  }

  /** Commits an amount and waits until the chain has it. */
  async commit(amount: string): Promise<void> {
    await this.amount.fill(amount);
    await this.submit.click();
    await expect(this.confirmed).toBeVisible();
    await this.page.getByRole("button", { name: "Close" }).click();
  }

  /** Uses another account of the connected wallet: its address, shortened. */
  async switchAccount(address: string): Promise<void> {
    const header = this.page.getByRole("banner");
    await header.getByRole("button", { name: /^Wallet 0x/ }).click();
    await this.page.getByRole("menuitemradio", { name: address }).click();
    await expect(header.getByRole("button", { name: `Wallet ${address}` })).toBeVisible();
  }

  /** Loads the page until it shows something: what the sale does reaches the page's shared reads after a moment. */
  async reloadUntil(shown: Locator): Promise<void> {
    await expect(async () => {
      await this.page.reload();
      await expect(shown).toBeVisible({ timeout: 2_000 });
    }).toPass();
  }
}

/**
 * Runs `work` while the chain mines nothing. From then on a block comes with each transaction, and no longer also every two seconds: the node
 * does both only from its start, and a later interval would make every transaction wait for its end.
 */
export async function whileNothingIsMined(rpcUrl: string, work: () => Promise<void>): Promise<void> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) });
  await node.setAutomine(false);
  await node.setIntervalMining({ interval: 0 });
  try {
    await work();
  } finally {
    await node.setAutomine(true);
    await node.mine({ blocks: 1 });
  }
}

/** Transactions that wait for a block. */
export async function waitingTransactions(rpcUrl: string): Promise<number> {
  const node = createTestClient({ mode: "anvil", transport: http(rpcUrl) }).extend(publicActions);
  return (await node.getTxpoolStatus()).pending;
}
