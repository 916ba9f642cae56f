import type { Page } from "@playwright/test";
import { expectNoViolationsInAnyLook } from "@/tests/support/browser/axe";
import { InjectedWallet } from "@/tests/support/browser/injected-wallet";
import { expect, reloadUntil, test } from "@/tests/support/browser/purchase-test";

// Axe checks every state in four looks, which takes longer than the usual limit on a slow machine.
test.describe.configure({ timeout: 180_000 });

function headerWallet(page: Page) {
  return page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ });
}

test("the open menu of the colours breaks no accessibility rule", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Colours" }).click();
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeVisible();
  await expectNoViolationsInAnyLook(page);
  await expect(page.getByRole("menuitemradio", { name: "Dark" }), "it was open all the time").toBeVisible();
});

for (const scenario of ["ready", "wrong-network"]) {
  test(`the open menu of the wallet breaks no accessibility rule in the scenario ${scenario}`, async ({
    page,
    app,
    sandbox,
  }) => {
    await page.goto(await sandbox.control.scenario(scenario, app.url));
    await headerWallet(page).click();
    const last = page.getByRole("menuitem", { name: "Disconnect wallet" });
    await expect(last).toBeVisible();
    await expectNoViolationsInAnyLook(page);
    await expect(last, "it was open all the time").toBeVisible();
  });
}

test("the choice of wallets breaks no accessibility rule", async ({ page, context, app, sandbox }) => {
  await InjectedWallet.install(context, sandbox.rpcUrl);
  await page.goto(await sandbox.control.scenario("ready", app.url));
  await headerWallet(page).click();
  await page.getByRole("menuitem", { name: "Use another wallet" }).click();
  const dialog = page.getByRole("dialog", { name: "Connect a wallet" });
  await expect(dialog.getByRole("button").nth(1)).toBeVisible();
  await expectNoViolationsInAnyLook(page);
  await expect(dialog, "it was open all the time").toBeVisible();
});

for (const scenario of ["ready", "auction", "settled"]) {
  test(`all that unfolds breaks no accessibility rule in the scenario ${scenario}`, async ({ page, app, sandbox }) => {
    await page.goto(await sandbox.control.scenario(scenario, app.url));
    await expect(headerWallet(page)).toBeVisible();
    if (scenario === "settled") await reloadUntil(page, page.getByRole("button", { name: /^Claim/ }));
    else await expect(page.getByText("What you will sign")).toBeVisible();
    // The sandbox's own menu lies over the page, and has a test of its own.
    const unfolded = await page.evaluate(() => {
      const all = [...document.querySelectorAll("main details")].filter((details) => details.checkVisibility());
      all.forEach((details) => details.setAttribute("open", ""));
      return all.length;
    });
    expect(unfolded).toBeGreaterThan(0);
    await expectNoViolationsInAnyLook(page);
  });
}

for (const [scenario, action] of [
  ["cancellation", "Cancel commitment"],
  ["reduction", "Reduce commitment"],
] as const) {
  test(`the question of "${action}" breaks no accessibility rule`, async ({ page, app, sandbox }) => {
    await page.goto(await sandbox.control.scenario(scenario, app.url));
    const button = page.getByRole("button", { name: action });
    await reloadUntil(page, button);
    await button.click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expectNoViolationsInAnyLook(page);
    await expect(page.getByRole("dialog"), "it was open all the time").toBeVisible();
  });
}
