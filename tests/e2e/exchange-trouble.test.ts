import { expect, test } from "@/tests/support/browser/browser-test";
import { pendingCallback, signInContext } from "@/tests/support/browser/connect-browser";
import {
  expectErrorPage,
  failFirstConnection,
  failSecondConnection,
  type ExchangeTrouble,
} from "@/tests/support/browser/error-page";

const TROUBLES: Readonly<Record<string, ExchangeTrouble>> = {
  "answers 400": {
    effect: { kind: "status", status: 400 },
    expected: {
      code: "oauth/invalid_grant",
      message: "This connection attempt was not accepted: it has expired or was already used.",
    },
  },
  "answers 401": {
    effect: { kind: "status", status: 401 },
    expected: { code: "oauth/invalid_client", message: "The service does not accept this site's registration." },
  },
  "answers 500": {
    effect: { kind: "status", status: 500 },
    expected: {
      code: "oauth/network_error",
      reason: "server_error",
      message: "The service had a problem of its own.",
    },
  },
  "answers 429": {
    effect: { kind: "rate-limit", retryAfterSeconds: 30 },
    expected: {
      code: "oauth/network_error",
      reason: "overloaded",
      message: "The service is receiving too many requests.",
    },
  },
  "resets the connection": {
    effect: { kind: "reset" },
    expected: { code: "oauth/network_error", reason: "unreachable", message: "The service could not be reached." },
  },
  "answers with broken JSON": {
    effect: { kind: "malformed-json" },
    expected: {
      code: "oauth/invalid_response",
      message: "The service answered with something this site cannot read.",
    },
  },
};

for (const [what, trouble] of Object.entries(TROUBLES)) {
  test(`an exchange that ${what} says so and is made once`, async ({ page, context, app, sandbox }) => {
    await failFirstConnection({ page, context, appUrl: app.url, sandbox }, trouble);
  });

  test(`an exchange that ${what} leaves an earlier connection as it is`, async ({ page, context, app, sandbox }) => {
    await failSecondConnection({ page, context, appUrl: app.url, sandbox }, trouble);
  });
}

test("after a failed exchange, one press begins a new connection", async ({
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
    message: "The service had a problem of its own.",
  });
  await salePage.button("Connect again").click();
  await salePage.approveAs("Ada Lovelace");
  await expect(page.getByRole("heading", { name: "Ada Lovelace" })).toBeVisible();
});
