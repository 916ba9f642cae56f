import type { BrowserContext, Page } from "@playwright/test";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/connect-context";
import { expectConnectionUnchanged, expectErrorPage, type ExpectedError } from "@/tests/support/error-page";
import { expect } from "@/tests/support/browser-test";
import type { FaultOrder } from "@/tests/support/sandbox-client";
import type { TestSandbox } from "@/tests/support/test-sandbox";

const EXCHANGE = "/oauth.ExchangeAuthorizationCodeV2";

/** A browser, an app and a sandbox in which an exchange goes wrong. */
export interface Stage {
  page: Page;
  context: BrowserContext;
  appUrl: string;
  sandbox: TestSandbox;
}

/** How the exchange goes wrong, and what has to be said about it. */
export interface ExchangeTrouble {
  effect: FaultOrder["effect"];
  expected: ExpectedError;
}

async function openTroubledCallback(
  stage: Stage,
  { effect, expected }: ExchangeTrouble,
  persona: string,
): Promise<void> {
  const { page, context, appUrl, sandbox } = stage;
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
export async function failFirstConnection(stage: Stage, trouble: ExchangeTrouble): Promise<void> {
  await signInContext(stage.context, stage.appUrl);
  await openTroubledCallback(stage, trouble, "ada");
  await expect(stage.page.getByRole("heading", { name: "Not connected" })).toBeVisible();
  await stage.page.goto("/");
  await expect(stage.page.getByRole("button", { name: "Connect with Sonar" })).toBeVisible();
}

/** A second connection fails: the cause is told, and the first one stands. */
export async function failSecondConnection(stage: Stage, trouble: ExchangeTrouble): Promise<void> {
  await connectContext(stage.context, stage.appUrl, "ada");
  await openTroubledCallback(stage, trouble, "grace");
  await expectConnectionUnchanged(stage.page, "Ada Lovelace");
}
