import { expect, test } from "@/tests/support/browser/browser-test";
import { pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";
import {
  expectErrorPage,
  failFirstConnection,
  failSecondConnection,
  type ExchangeFailure,
} from "@/tests/support/browser/error-page";

const FAILURES: Readonly<Record<string, ExchangeFailure>> = {
  "answers 400": {
    effect: { kind: "status", status: 400 },
    expected: {
      code: "oauth/invalid_grant",
      message: "This connection attempt was not accepted: it has expired or was already used.",
    },
  },
  "answers 401": {
    effect: { kind: "status", status: 401 },
    expected: { code: "oauth/invalid_client", message: "Sonar does not accept this site's registration." },
  },
  "answers 500": {
    effect: { kind: "status", status: 500 },
    expected: {
      code: "oauth/network_error",
      reason: "server_error",
      message: "Sonar had an internal error.",
    },
  },
  "answers 429": {
    effect: { kind: "rate-limit", retryAfterSeconds: 30 },
    expected: {
      code: "oauth/network_error",
      reason: "overloaded",
      message: "Sonar is receiving too many requests.",
    },
  },
  "resets the connection": {
    effect: { kind: "reset" },
    expected: { code: "oauth/network_error", reason: "unreachable", message: "Sonar could not be reached." },
  },
  "answers with broken JSON": {
    effect: { kind: "malformed-json" },
    expected: {
      code: "oauth/invalid_response",
      message: "Sonar answered with something this site cannot read.",
    },
  },
};

for (const [what, failure] of Object.entries(FAILURES)) {
  test(`an exchange that ${what} is explained and is made once`, async ({ page, context, app, sandbox }) => {
    await failFirstConnection({ page, context, appUrl: app.url, sandbox }, failure);
  });

  test(`an exchange that ${what} leaves an earlier connection unchanged`, async ({ page, context, app, sandbox }) => {
    await failSecondConnection({ page, context, appUrl: app.url, sandbox }, failure);
  });
}

test("after a failed exchange, one press starts a new connection", async ({
  page,
  context,
  app,
  sandbox,
  salePage,
}) => {
  await signInContext(context, app.url);
  const callback = await pendingCallback(context, app.url);
  const endpoint = "/oauth.ExchangeAuthorizationCodeV2";
  await sandbox.control.setFault({ endpoint, times: 1, effect: { kind: "status", status: 503 } });
  await page.goto(callback.href);
  await expectErrorPage(page, {
    code: "oauth/network_error",
    reason: "server_error",
    message: "Sonar had an internal error.",
  });
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});
