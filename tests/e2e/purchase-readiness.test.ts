import { PHASE_WORDS } from "@/lib/sale/phase";
import { ECHO } from "@/tests/support/app/upstream-gate";
import { expect, FIRST_BUYER, test, returnToPage } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";

const REASONS = [
  ["satoshi", "This wallet did not pass the sale's risk screening. Use another wallet."],
  ["margaret", "This entity has reached its wallet limit. Switch to a wallet that it has used before."],
  ["shafi", "This wallet is not linked to the entity. Link it on Sonar, then check again."],
  ["leslie", "The sale is not open to this entity now. Ask the operator of this site for details."],
  ["dorothy", /Its time window opens on \d{1,2} [A-Z][a-z]{2} 20\d\d, \d\d:\d\d UTC\./],
  ["niklaus", /Its time window ended on \d{1,2} [A-Z][a-z]{2} 20\d\d, \d\d:\d\d UTC\./],
  ["kurt", "Sonar did not approve this purchase, for a reason that this site does not know."],
  ["kathleen", "Sonar did not approve this purchase, for a reason that this site does not know."],
] as const;

for (const [persona, sentence] of REASONS) {
  test(`a purchase that Sonar does not clear (${persona}) has its own sentence and a next step`, async ({
    page,
    purchase,
    openAs,
  }) => {
    await openAs(persona);
    await expect(shownText(page, sentence)).toBeVisible();
    await expect(page.getByRole("button", { name: /check again$/i })).toBeVisible();
    await expect(purchase.form).toHaveCount(0);
  });
}

test("a wallet is linked on Sonar's own page, in a tab that cannot reach back", async ({ page, openAs }) => {
  await openAs("shafi");
  const link = page.getByRole("link", { name: /Link the wallet on Sonar/ });
  await expect(link).toHaveAttribute("target", "_blank");
  await expect(link).toHaveAttribute("rel", /noopener/);
});

for (const [persona, kind] of [
  ["ada", "open"],
  ["dorothy", "opens-later"],
  ["niklaus", "closed"],
] as const) {
  test(`the sale's status goes by the permit of ${persona}: ${kind}`, async ({ page, openAs }) => {
    await openAs(persona);
    await expect(page.getByRole("region", { name: "Sale at a glance" })).toContainText(PHASE_WORDS[kind].title);
  });
}

test("a face check opens in its own tab, and after the return the form is there", async ({
  page,
  context,
  purchase,
  openAs,
}) => {
  await openAs("hedy");
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: /Open the face check/ }).click();
  const check = await opened;
  await check.getByRole("button").first().click();
  // Brings the page to the front, as a user does: a page in the background may not run at all. Right after another tab has closed, the browser
  // may never answer this.
  await page.bringToFront();
  await check.close();
  await returnToPage(page);
  await expect(purchase.form).toBeVisible();
});

test("a wallet that Sonar has flagged since the form was shown gets no permit, and the page says why", async ({
  page,
  purchase,
  ledger,
  sandbox,
  openAs,
}) => {
  await openAs("ada");
  await purchase.amount.fill("125.50");
  const flagged = { kind: "check-failed", reason: "wallet-risk" } as const;
  await sandbox.control.setFault({ endpoint: ECHO.check, effect: flagged });
  await purchase.submit.click();
  await expect(shownText(page, "This wallet did not pass the sale's risk screening.").first()).toBeVisible();
  // Sonar's answer takes the place of the form, with the way on.
  await expect(purchase.form).toHaveCount(0);
  expect(await sandbox.control.requests(ECHO.permit)).toHaveLength(1);
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);
  await page.getByRole("button", { name: "Try again" }).click();
  // While Sonar still refuses: an answer that is a few seconds old is asked for again by itself.
  const again = page.getByRole("button", { name: "Check again" });
  await expect(again).toBeVisible();
  await sandbox.control.clearFaults();
  await again.click();
  await expect(purchase.amount).toHaveValue("125.50");
});
