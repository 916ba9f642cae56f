import type { BrowserContext, Page } from "@playwright/test";
import { expect } from "@/tests/support/browser/browser-test";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";
import type { FaultOrder } from "@/tests/support/sandbox/sandbox-client";
import type { TestSandbox } from "@/tests/support/sandbox/test-sandbox";

/** What the error page has to say for itself. */
export interface ExpectedError {
  code: string;
  reason?: string;
  /** Absent: Sonar. */
  provider?: string;
  message: string;
}

/** The page for failed connections shows this cause, and its address names the cause and nothing else: no code, no state. */
export async function expectErrorPage(page: Page, { code, reason, provider, message }: ExpectedError): Promise<void> {
  const query = new URLSearchParams({ code, ...(reason !== undefined && { reason }), ...(provider && { provider }) });
  await expect(page).toHaveURL((url) => url.pathname === "/oauth/error" && url.search === `?${query.toString()}`);
  const main = page.getByRole("main");
  await expect(main.getByText(message, { exact: true })).toBeVisible();
  await expect(main.getByText(`Reference ${code}`)).toBeVisible();
  await expect(main.getByRole("button").or(main.getByRole("link"))).toHaveCount(1);
}

/** The error page says that the earlier connection stands, and going on shows its entity. */
export async function expectConnectionUnchanged(page: Page, entity: string): Promise<void> {
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { name: "Your connection is unchanged" })).toBeVisible();
  await main.getByRole("link", { name: "Back to the sale" }).click();
  await expect(page.getByRole("heading", { name: entity })).toBeVisible();
}

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

/** A browser, an app and a sandbox in which an exchange goes wrong. */
export interface ExchangeSetting {
  page: Page;
  context: BrowserContext;
  appUrl: string;
  sandbox: TestSandbox;
}

/** How the exchange goes wrong, and what has to be said about it. */
export interface ExchangeFailure {
  effect: FaultOrder["effect"];
  expected: ExpectedError;
}

async function openFailingCallback(
  setting: ExchangeSetting,
  { effect, expected }: ExchangeFailure,
  persona: string,
): Promise<void> {
  const { page, context, appUrl, sandbox } = setting;
  const callback = await pendingCallback(context, appUrl, persona);
  await sandbox.control.clearRequests();
  await sandbox.control.setFault({ endpoint: EXCHANGE, effect });
  await page.goto(callback.href);
  await expectErrorPage(page, expected);
  await sandbox.control.clearFaults();
  // Neither loading the error page again nor the callback itself asks for a token once more.
  await page.reload();
  await page.goto(callback.href);
  await expect(page.getByRole("main")).toContainText("already over");
  expect(await sandbox.control.requests(EXCHANGE)).toHaveLength(1);
}

/** A first connection fails: the cause is told, the token endpoint was asked once, nobody is connected. */
export async function failFirstConnection(setting: ExchangeSetting, failure: ExchangeFailure): Promise<void> {
  await signInContext(setting.context, setting.appUrl);
  await openFailingCallback(setting, failure, "ada");
  await expect(setting.page.getByRole("heading", { name: "Not connected" })).toBeVisible();
  await setting.page.goto("/");
  await expect(setting.page.getByRole("button", { name: "Connect with Sonar" })).toBeVisible();
}

/** A second connection fails: the cause is told, and the first one stands. */
export async function failSecondConnection(setting: ExchangeSetting, failure: ExchangeFailure): Promise<void> {
  await connectContext(setting.context, setting.appUrl, "ada");
  await openFailingCallback(setting, failure, "grace");
  await expectConnectionUnchanged(setting.page, "Ada Lovelace");
}
