import Database from "libsql";
import { connectContext, pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";
import {
  expectConnectionUnchanged,
  expectErrorPage,
  failFirstConnection,
  failSecondConnection,
  type ExchangeFailure,
} from "@/tests/support/browser/error-page";
import { expect, test } from "@/tests/support/browser/own-app-test";

const TOO_LATE = {
  code: "oauth/invalid_state",
  reason: "expired",
  message: "This connection attempt took longer than ten minutes, so it was closed.",
};

const SILENCE: ExchangeFailure = {
  effect: { kind: "hang" },
  expected: { code: "oauth/network_error", reason: "timeout", message: "Sonar did not answer in time." },
};

/** Makes every pending authorization look eleven minutes old. */
function ageAuthorizations(databaseFile: string): void {
  const database = new Database(databaseFile, { timeout: 1_000 });
  database.exec(`UPDATE transactions SET expires_at = expires_at - ${11 * 60_000}`);
  database.close();
}

test("a callback after more than ten minutes is explained and requests no token", async ({
  page,
  context,
  ownApp,
  sandbox,
}) => {
  await signInContext(context, ownApp.url);
  const callback = await pendingCallback(context, ownApp.url);
  ageAuthorizations(ownApp.databaseFile);
  await page.goto(callback.href);
  await expectErrorPage(page, TOO_LATE);
  await expect(page.getByRole("main").getByRole("button")).toHaveText("Connect again");
  expect(await sandbox.control.requests("/oauth.ExchangeAuthorizationCodeV2")).toEqual([]);
});

test("an expired callback leaves an earlier connection unchanged", async ({ page, context, ownApp }) => {
  await connectContext(context, ownApp.url);
  const callback = await pendingCallback(context, ownApp.url, "grace");
  ageAuthorizations(ownApp.databaseFile);
  await page.goto(callback.href);
  await expectErrorPage(page, TOO_LATE);
  await expectConnectionUnchanged(page, "Ada Lovelace");
});

test("an exchange without an answer ends at the deadline, is explained, and is made once", async ({
  page,
  context,
  ownApp,
  sandbox,
}) => {
  await failFirstConnection({ page, context, appUrl: ownApp.url, sandbox }, SILENCE);
});

test("an exchange without an answer leaves an earlier connection unchanged", async ({
  page,
  context,
  ownApp,
  sandbox,
}) => {
  await failSecondConnection({ page, context, appUrl: ownApp.url, sandbox }, SILENCE);
});
