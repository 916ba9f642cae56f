import type { APIRequestContext, BrowserContext, Locator, Page } from "@playwright/test";
import { createTestClient, http, publicActions, type Address } from "viem";
import { site } from "@/lib/config/site";
import { SANDBOX_WALLET } from "@/lib/wallet/wallet";
import { FUNDED_WALLETS } from "@/sandbox/chain/chain-facts";
import { accountOf } from "@/sandbox/echo/personas/accounts";
import type { AppProcess } from "@/tests/support/app/app-process";
import { expect, serveApp, test as browserTest } from "@/tests/support/browser/browser-test";
import { connectContext, connectWallet } from "@/tests/support/browser/connect-browser";
import type { SandboxClient } from "@/tests/support/sandbox/sandbox-client";
import { SaleLedger } from "@/tests/support/purchase/sale-ledger";

/**
 * Loads a page until it shows something. The first loads are given little time, as most of them come too early; later ones more and more,
 * so that it also works on a slow machine.
 */
export async function reloadUntil(page: Page, shown: Locator): Promise<void> {
  let timeout = 400;
  await expect(async () => {
    await page.reload();
    timeout *= 1.3;
    await expect(shown).toBeVisible({ timeout });
  }).toPass({ intervals: [100] });
}

/** Tells a page that it is looked at again, as after the window of a wallet: a headless browser does not always tell it by itself. */
export async function returnToPage(page: Page): Promise<void> {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}

/** The steps of the purchase on the app's main page, by the names that a person reads. */
export class PurchasePage {
  readonly form: Locator;
  readonly amount: Locator;
  readonly position: Locator;
  /** The steps of a transaction on its way, in the form's place. */
  readonly steps: Locator;
  readonly receipt: Locator;
  readonly confirmed: Locator;
  readonly submit: Locator;

  /** `sandbox` opens the app in one step; absent: where there are no scenarios. */
  constructor(
    readonly page: Page,
    private readonly sandbox?: SandboxClient,
  ) {
    this.form = page.getByRole("form", { name: "Commitment" });
    this.amount = this.form.getByRole("textbox", { name: /^Amount/ });
    this.submit = this.form.getByRole("button", { name: /^(Commit|Add|Change)/ });
    this.position = page.getByRole("region", { name: "Your position" });
    this.steps = page.getByRole("group", { name: "Progress" });
    this.receipt = page.getByRole("region", { name: "Receipt" });
    this.confirmed = this.receipt.getByRole("heading", { name: "Your commitment is confirmed" });
  }

  /** Opens the app connected as a persona (its id), with a wallet. */
  async openAs(
    context: BrowserContext,
    appUrl: string,
    persona: string,
    wallet: string = SANDBOX_WALLET.name,
  ): Promise<void> {
    if (this.sandbox && wallet === SANDBOX_WALLET.name) {
      await this.page.goto(await this.sandbox.opening(appUrl, persona));
      return this.page.waitForURL(`${appUrl}/`);
    }
    await connectContext(context, appUrl, persona);
    await this.page.goto(`${appUrl}/`);
    await connectWallet(this.page, wallet);
  }

  /** On a site whose terms have to be ticked, ticks them wherever the form asks for it. */
  async tickTerms(): Promise<void> {
    if (site.consent?.by !== "checkbox") return;
    const box = this.form.getByRole("checkbox", { name: site.consent.statement, checked: false });
    await this.page.addLocatorHandler(box, (shown) => shown.check(), { noWaitAfter: true });
  }

  /** Commits an amount and waits until the chain has it. */
  async commit(amount: string): Promise<void> {
    await this.amount.fill(amount);
    await this.submit.click();
    await expect(this.confirmed).toBeVisible();
    await this.closeReceipt();
  }

  async closeReceipt(): Promise<void> {
    await this.receipt.getByRole("button", { name: "Close" }).click();
  }

  /** From an error in the form's place back to the form, where the typed text still is. */
  async backToForm(): Promise<void> {
    await this.page.getByRole("button", { name: /^(Close and try again|Back to the form|Refresh|Close)$/ }).click();
    await expect(this.amount).toBeVisible();
  }

  /** Uses another account of the connected wallet: its address, shortened. */
  async switchAccount(address: string): Promise<void> {
    const header = this.page.getByRole("banner");
    await header.getByRole("button", { name: /^Wallet 0x/ }).click();
    await this.page.getByRole("menuitemradio", { name: address }).click();
    await expect(header.getByRole("button", { name: `Wallet ${address}` })).toBeVisible();
  }

  /** Loads the page until it shows something: a change of the sale reaches the app's shared reads after a moment. */
  reloadUntil(shown: Locator): Promise<void> {
    return reloadUntil(this.page, shown);
  }
}

/**
 * Runs `work` while the chain mines nothing. Afterwards each transaction makes a block, and there are no blocks every two seconds any more: the node
 * does both only from its start, and with a later interval every transaction would wait for the next block.
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

/** Two apps behind one object; `takeTurns` switches to the other one. */
interface AppsInTurn {
  app: AppProcess;
  takeTurns(): void;
}

function inTurn(first: AppProcess, second: AppProcess): AppsInTurn {
  let current = first;
  const app = new Proxy(first, { get: (_first, name) => Reflect.get(current, name) as unknown });
  return { app, takeTurns: () => void (current = current === first ? second : first) };
}

interface SaleWorkerFixtures {
  appsInTurn: AppsInTurn;
  /** The app's answer about a sale without commitments. */
  untouchedSale: string;
}

interface SaleFixtures {
  saleAsAtFirst: void;
}

/** The parts of the answer that come from the clock, and from what Sonar has told the app so far. */
const NOT_OF_CONTRACT: readonly string[] = ["blockTime", "paymentDecimals"];

/** The app's answer about the sale's contract as text. */
async function shownSale(request: APIRequestContext, appUrl: string): Promise<string> {
  const answer: unknown = await (await request.get(`${appUrl}/api/sale`)).json();
  return JSON.stringify(answer, (key, value: unknown) => (NOT_OF_CONTRACT.includes(key) ? undefined : value));
}

/**
 * Playwright's `test` for tests that change the sale. An app remembers the sale for some seconds, longer than a reset of the sandbox
 * takes. Other tests therefore do not use these apps, and each test begins once its app has seen the reset contract. Two apps take turns,
 * so that one forgets the sale while the other is tested.
 */
export const saleTest = browserTest.extend<SaleFixtures, SaleWorkerFixtures>({
  appsInTurn: [
    async ({ sandbox }, use) => serveApp(sandbox, (first) => serveApp(sandbox, (second) => use(inTurn(first, second)))),
    { scope: "worker" },
  ],
  app: [async ({ appsInTurn }, use) => use(appsInTurn.app), { scope: "worker" }],
  baseURL: async ({ appsInTurn, untouchedSale: _read }, use) => {
    appsInTurn.takeTurns();
    await use(appsInTurn.app.url);
  },
  untouchedSale: [
    async ({ app, playwright }, use) => {
      const request = await playwright.request.newContext();
      await use(await shownSale(request, app.url));
      await request.dispose();
    },
    { scope: "worker" },
  ],
  saleAsAtFirst: [
    async ({ healthyPages: _reset, context, app, untouchedSale }, use) => {
      await expect.poll(() => shownSale(context.request, app.url), { intervals: [100] }).toBe(untouchedSale);
      await use();
    },
    { auto: true },
  ],
});

interface PurchaseFixtures {
  purchase: PurchasePage;
  ledger: SaleLedger;
  /** Signs in, connects Sonar as a persona (its id), and connects the sandbox's wallet. */
  openAs: (persona: string) => Promise<void>;
}

/** Playwright's `test` for everything around a commitment. */
export const test = saleTest.extend<PurchaseFixtures>({
  purchase: async ({ page, sandbox }, use) => {
    const purchase = new PurchasePage(page, sandbox.control);
    await purchase.tickTerms();
    await use(purchase);
  },
  ledger: async ({ sandbox }, use) => use(await SaleLedger.open(sandbox.rpcUrl)),
  openAs: async ({ purchase, context, app }, use) => use((persona) => purchase.openAs(context, app.url, persona)),
});

function buyer(index: number): Address {
  const wallet = FUNDED_WALLETS[index];
  if (!wallet) throw new Error(`the sandbox has no buyer ${index}`);
  return wallet;
}

/** The account that the sandbox wallet uses as Ada, and one that is no persona's own. */
export const FIRST_BUYER = buyer(0);
export const SECOND_BUYER = buyer(1);

/** The account that the sandbox wallet uses as a persona (its id). */
export function walletOf(persona: string): Address {
  const wallet = accountOf({ id: persona });
  if (!wallet) throw new Error(`${persona} has no account`);
  return wallet;
}

export { expect };
