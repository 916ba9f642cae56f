import type { Locator, Page } from "@playwright/test";
import { PHASE_WORDS, type SalePhase } from "@/lib/sale/phase";
import type { SaleStage } from "@/sandbox/chain/chain-facts";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { layoutShift, watchLayoutShift } from "@/tests/support/browser/page-observers";
import { expect, reloadUntil, saleTest as test } from "@/tests/support/browser/purchase-test";

const PHONE = { width: 390, height: 844 };

/** A fifth of the limit for "good" (https://web.dev/articles/cls). */
const STILL = 0.02;

test.use({ viewport: PHONE });

function strip(page: Page): Locator {
  return page.getByRole("region", { name: "Sale at a glance" });
}

/** The words of the status in the strip. */
function status(page: Page, kind: SalePhase["kind"]): Locator {
  return strip(page).getByText(PHASE_WORDS[kind].title, { exact: true });
}

async function expectInFirstScreen(part: Locator, name: string): Promise<void> {
  await expect(part, name).toBeVisible();
  const box = await part.boundingBox();
  expect(box?.y ?? -1, `${name} is not above the screen`).toBeGreaterThanOrEqual(0);
  expect((box?.y ?? PHONE.height) + (box?.height ?? 0), `${name} ends on the screen`).toBeLessThanOrEqual(PHONE.height);
}

/** Status, absolute deadline, price, total and the primary action are on the screen that a phone shows first. */
async function expectFirstScreen(page: Page, kind: SalePhase["kind"], action?: Locator): Promise<void> {
  await expectInFirstScreen(status(page, kind), `${kind}: status`);
  const deadline = strip(page).getByText(/^\d{1,2} [A-Z][a-z]{2} \d{4}, \d\d:\d\d UTC$/);
  await expectInFirstScreen(deadline, `${kind}: deadline`);
  const figures = strip(page).locator("dl > div");
  await expectInFirstScreen(figures.filter({ hasText: "Price" }), `${kind}: price`);
  await expectInFirstScreen(figures.filter({ hasText: "Total committed" }), `${kind}: total`);
  if (action) await expectInFirstScreen(action, `${kind}: action`);
  expect(await page.evaluate(() => window.scrollY), `${kind}: nothing was scrolled`).toBe(0);
  expect((await strip(page).boundingBox())?.height, `${kind}: the strip is low`).toBeLessThanOrEqual(172);
}

const STAGES: readonly (readonly [SaleStage | "paused", SalePhase["kind"]])[] = [
  ["Commitment", "open"],
  ["paused", "paused"],
  ["PreOpen", "not-open"],
  ["Cancellation", "cancellation"],
  ["Settlement", "settlement"],
  ["Done", "done"],
];

test("a visitor's first screen has it all in every stage of the sale, and nothing shifts", async ({
  page,
  sandbox,
}) => {
  const { chain } = sandbox.control;
  await watchLayoutShift(page);
  await page.goto("/");
  for (const [stage, kind] of STAGES) {
    await chain.setPaused(stage === "paused");
    if (stage !== "paused") await chain.setStage(stage);
    await reloadUntil(page, status(page, kind));
    await expectFirstScreen(page, kind, page.getByRole("main").getByRole("button", { name: /^Sign in/ }));
    const { sum, shifts } = await layoutShift(page);
    expect(sum, JSON.stringify(shifts)).toBeLessThan(STILL);
  }
});

test("a connected user's first screen has it all before there is a wallet", async ({ page, context, app, sandbox }) => {
  await connectContext(context, app.url);
  await page.goto("/");
  await expectFirstScreen(page, "open", page.getByRole("main").getByRole("button", { name: /^Connect .*wallet/i }));
  await sandbox.control.chain.setPaused(true);
  await reloadUntil(page, status(page, "paused"));
  await expectFirstScreen(page, "paused");
});

/** The scenarios of a buyer with a wallet, with the primary action of each. */
const SCENARIOS: readonly (readonly [name: string, kind: SalePhase["kind"], action?: RegExp])[] = [
  ["ready", "open", /^Commit/],
  ["committed", "open", /^(Add|Change)/],
  ["paused", "paused"],
  ["not-open", "not-open"],
  ["cancellation", "cancellation", /^Cancel commitment/],
  ["settled", "done", /^Claim/],
];

for (const [name, kind, action] of SCENARIOS) {
  test(`a buyer's first screen has it all in the scenario ${name}`, async ({ page, app, sandbox }) => {
    await page.goto(await sandbox.control.scenario(name, app.url));
    await reloadUntil(page, status(page, kind));
    await expectFirstScreen(page, kind, action && page.getByRole("main").getByRole("button", { name: action }).first());
  });
}
