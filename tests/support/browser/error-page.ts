import type { BrowserContext, Page } from "@playwright/test";
import { expect } from "@/tests/support/browser/browser-test";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";
import type { FaultOrder } from "@/tests/support/sandbox/sandbox-client";
import type { TestSandbox } from "@/tests/support/sandbox/test-sandbox";

/** The contents that a test expects on the error page. */
export interface ExpectedError {
  code: string;
  reason?: string;
  /** Absent: Sonar. */
  provider?: string;
  message: string;
}

/** Expects the error page with this cause, and an address that contains the cause only: no code, no state. */
export async function expectErrorPage(page: Page, { code, reason, provider, message }: ExpectedError): Promise<void> {
  const query = new URLSearchParams({ code, ...(reason !== undefined && { reason }), ...(provider && { provider }) });
  await expect(page).toHaveURL((url) => url.pathname === "/oauth/error" && url.search === `?${query.toString()}`);
  const main = page.getByRole("main");
  await expect(main.getByText(message, { exact: true })).toBeVisible();
  await expect(main.getByText(`Reference: ${code}`)).toBeVisible();
  await expect(main.getByRole("button").or(main.getByRole("link"))).toHaveCount(1);
}

/** Expects that the error page says the earlier connection is unchanged, and that its entity is shown afterwards. */
export async function expectConnectionUnchanged(page: Page, entity: string): Promise<void> {
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { name: "Your connection is unchanged" })).toBeVisible();
  await main.getByRole("link", { name: "Back to the sale" }).click();
  await expect(page.getByRole("heading", { name: entity })).toBeVisible();
}

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

/** A browser, an app and a sandbox in which an exchange fails. */
export interface ExchangeSetting {
  page: Page;
  context: BrowserContext;
  appUrl: string;
  sandbox: TestSandbox;
}

/** A failure of the exchange, and the error page that it leads to. */
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
  // Loading the error page or the callback again must not request a token again.
  await page.reload();
  await page.goto(callback.href);
  await expect(page.getByRole("main")).toContainText("already over");
  expect(await sandbox.control.requests(EXCHANGE)).toHaveLength(1);
}

/** Expects of a failing first connection that the cause is shown, the token endpoint was asked once, and nobody is connected. */
export async function failFirstConnection(setting: ExchangeSetting, failure: ExchangeFailure): Promise<void> {
  await signInContext(setting.context, setting.appUrl);
  await openFailingCallback(setting, failure, "ada");
  await expect(setting.page.getByRole("heading", { name: "Not connected" })).toBeVisible();
  await setting.page.goto("/");
  await expect(setting.page.getByRole("button", { name: "Connect with Sonar" })).toBeVisible();
}

/** Expects of a failing second connection that the cause is shown and the first connection stays. */
export async function failSecondConnection(setting: ExchangeSetting, failure: ExchangeFailure): Promise<void> {
  await connectContext(setting.context, setting.appUrl, "ada");
  await openFailingCallback(setting, failure, "grace");
  await expectConnectionUnchanged(setting.page, "Ada Lovelace");
}
