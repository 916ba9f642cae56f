import { PHASE_WORDS } from "@/lib/sale/phase";
import { serveApp } from "@/tests/support/browser/browser-test";
import { expect, test } from "@/tests/support/browser/purchase-test";

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const ANNOUNCED = [
  ["later", { SALE_OPENS_AT: inDays(3) }, PHASE_WORDS["opens-later"]],
  ["earlier", { SALE_CLOSES_AT: inDays(-1) }, PHASE_WORDS.closed],
] as const;

for (const [when, settings, { sentence }] of ANNOUNCED) {
  test(`who has a permit for now commits, although the sale is announced for ${when}`, async ({
    page,
    context,
    sandbox,
    purchase,
    ledger,
  }) => {
    await serveApp(
      sandbox,
      async (app) => {
        await page.goto(app.url);
        await expect(page.getByRole("region", { name: "The sale" }).getByText(sentence)).toBeVisible();
        await purchase.openAs(context, app.url, "ada");
        await purchase.commit("125.50");
        expect(await ledger.escrow("usdc")).toBe(125_500_000n);
      },
      settings,
    );
  });
}
