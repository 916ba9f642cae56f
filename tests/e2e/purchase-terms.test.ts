import { shortenAddress } from "@/lib/sale/hex";
import { PHASE_WORDS } from "@/lib/sale/phase";
import { serveApp } from "@/tests/support/browser/browser-test";
import { expect, FIRST_BUYER, SECOND_BUYER, test, walletOf } from "@/tests/support/browser/purchase-test";
import { shownText } from "@/tests/support/browser/shown-text";
import { entityOnChain } from "@/tests/support/purchase/sale-ledger";

test("where a lockup is required, it is explained, not asked for, and sent", async ({
  page,
  purchase,
  ledger,
  openAs,
}) => {
  await openAs("grace");
  await expect(purchase.form.getByText("This sale requires it for your entity.")).toBeVisible();
  await expect(purchase.form.getByRole("checkbox")).toHaveCount(0);
  await purchase.commit("250");
  expect(await ledger.bid(entityOnChain("grace"))).toMatchObject({ lockup: true, amount: 250_000_000n });
  await expect(page.getByText("Your commitment already has a lockup")).toHaveCount(0);
});

test("a lockup that was chosen earlier is shown as fixed", async ({ purchase, ledger, openAs }) => {
  await openAs("ada");
  await purchase.form.getByRole("checkbox", { name: /Lock up/ }).check();
  await purchase.commit("5");
  expect(await ledger.bid(entityOnChain("ada"))).toMatchObject({ lockup: true });
  await expect(purchase.form.getByText("Your commitment already has a lockup")).toBeVisible();
});

test("in an auction the price is entered in its steps and sent as a number of steps", async ({
  purchase,
  ledger,
  openAs,
}) => {
  await openAs("mary");
  const price = purchase.form.getByRole("textbox", { name: "Bid price" });
  await purchase.amount.fill("100");
  await price.fill("0.05");
  await expect(purchase.form.getByText("Enter 0.043 or 0.0645.")).not.toHaveCount(0);
  await expect(purchase.submit).toBeDisabled();
  await price.fill("0.0645");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.bid(entityOnChain("mary"))).toEqual({ lockup: false, price: 3n, amount: 100_000_000n });
});

test("an auction's bid says where it stands beside the estimated clearing price, and what it would receive", async ({
  page,
  app,
  sandbox,
  purchase,
  ledger,
}) => {
  await page.goto(await sandbox.control.scenario("auction", app.url));
  const row = (term: string) => purchase.form.locator("dl > div", { hasText: term });
  await expect(row("Estimated clearing price")).toContainText("0.0645 USDC");
  await purchase.amount.fill("100");
  // The stepper begins at the clearing price.
  await purchase.form.getByRole("button", { name: "One price step lower" }).click();
  await expect(purchase.form.getByText("Your bid is at the current clearing price.")).toBeVisible();
  const price = purchase.form.getByRole("textbox", { name: "Bid price" });
  await price.press("ArrowDown");
  await expect(price).toHaveValue("0.043");
  await expect(purchase.form.getByText("Your bid is below the current clearing price.")).toBeVisible();
  await expect(row("You receive")).toContainText("nothing at this price");
  await price.press("ArrowUp");
  await price.press("ArrowUp");
  await expect(price).toHaveValue("0.086");
  await expect(purchase.form.getByText("Your bid is above the current clearing price.")).toBeVisible();
  await expect(row("You receive")).toContainText("about 1,550.38 ACME");
  await purchase.submit.click();
  await expect(purchase.confirmed).toBeVisible();
  expect(await ledger.bid(entityOnChain("ada"))).toEqual({ lockup: false, price: 4n, amount: 100_000_000n });
});

for (const { persona, price, shown } of [
  { persona: "ada", price: 0n, shown: 0 },
  { persona: "emmy", price: 1n, shown: 1 },
  // All ids come as UUIDs with dashes.
  { persona: "dashed", price: 1n, shown: 1 },
]) {
  test(`at a fixed price there is no price field, and the permit's price of ${price} is sent (${persona})`, async ({
    purchase,
    ledger,
    openAs,
  }) => {
    await openAs(persona);
    await expect(purchase.form.getByRole("textbox")).toHaveCount(1);
    await purchase.commit("5");
    await expect(purchase.form.locator("dl > div", { hasText: "Committed so far" })).toContainText("5 USDC");
    await purchase.commit("7");
    expect(await ledger.bid(entityOnChain(persona))).toEqual({ lockup: false, price, amount: 12_000_000n });
    await expect(purchase.position.getByText(/^Bid price/)).toHaveCount(shown);
  });
}

test("invalid amounts are explained at the field, and nothing is sent", async ({ purchase, ledger, openAs }) => {
  await openAs("grace");
  const cases = [
    ["249.999999", "Your total must be at least 250 USDC"],
    ["2500.01", "Your total can be at most 2,500.00 USDC"],
    ["1.0000001", "at most 6 decimals"],
    ["0", "Enter an amount above zero."],
    ["-5", "Enter an amount above zero"],
    ["twelve", "number"],
  ] as const;
  for (const [typed, sentence] of cases) {
    await purchase.amount.fill(typed);
    await expect(purchase.form.getByText(sentence).first()).toBeVisible();
    await expect(purchase.submit).toBeDisabled();
    await purchase.amount.press("Enter");
  }
  expect(await ledger.sent(walletOf("grace"))).toBe(0);
});

const CLOSED_PHASES = [
  ["PreOpen", "The sale has not opened yet."],
  ["Cancellation", "The sale no longer accepts commitments."],
  ["Settlement", "Allocations are being decided."],
  ["Done", "The sale has ended."],
] as const;

for (const [stage, sentence] of CLOSED_PHASES) {
  test(`in the stage ${stage} there is no form, and the page says why`, async ({ page, purchase, sandbox, openAs }) => {
    await sandbox.control.chain.setStage(stage);
    await openAs("ada");
    await purchase.reloadUntil(page.getByRole("list", { name: "Steps" }).getByText(sentence));
    await expect(purchase.form).toHaveCount(0);
  });
}

test("while the sale is paused nothing can be sent", async ({ page, purchase, sandbox, openAs }) => {
  await sandbox.control.chain.setPaused(true);
  await openAs("ada");
  await purchase.reloadUntil(page.getByRole("list", { name: "Steps" }).getByText("The sale is paused"));
  await expect(purchase.form).toHaveCount(0);
});

test("a pause that the page has not seen yet is explained, and nothing is sent", async ({
  page,
  purchase,
  sandbox,
  ledger,
  openAs,
}) => {
  await openAs("ada");
  await purchase.amount.fill("125.50");
  await sandbox.control.chain.setPaused(true);
  await purchase.submit.click();
  await expect(shownText(page, "The sale is paused. Try again when it resumes.")).toBeVisible();
  expect(await ledger.sent(FIRST_BUYER)).toBe(0);
  await sandbox.control.chain.setPaused(false);
  await purchase.backToForm();
  await expect(purchase.amount).toHaveValue("125.50");
});

test("a wallet that has committed for one entity is named before the press of another, with the way to another wallet", async ({
  page,
  context,
  app,
  purchase,
  ledger,
  openAs,
}) => {
  await openAs("ada");
  await purchase.switchAccount(shortenAddress(SECOND_BUYER));
  await purchase.commit("5");
  const sent = await ledger.sent(SECOND_BUYER);
  await context.clearCookies();
  await purchase.openAs(context, app.url, "emmy");
  await purchase.switchAccount(shortenAddress(SECOND_BUYER));
  await expect(shownText(page, "This wallet already belongs to another entity")).toBeVisible();
  await expect(purchase.form).toHaveCount(0);
  await page.getByRole("button", { name: "Use another wallet" }).click();
  await page.getByRole("dialog").press("Escape");
  await purchase.switchAccount(shortenAddress(walletOf("emmy")));
  await expect(purchase.form).toBeVisible();
  expect(await ledger.sent(SECOND_BUYER)).toBe(sent);
});

test("one wallet more than the sale allows is refused with a sentence", async ({
  page,
  purchase,
  sandbox,
  ledger,
  openAs,
}) => {
  await sandbox.control.chain.setMaxWallets(1);
  await openAs("ada");
  await purchase.commit("5");
  await purchase.switchAccount(shortenAddress(SECOND_BUYER));
  await purchase.amount.fill("6");
  await purchase.submit.click();
  await expect(shownText(page, "Your entity can use at most 1 wallet. Use one that it has used before.")).toBeVisible();
  expect(await ledger.sent(SECOND_BUYER)).toBe(0);
});

const BAD_PERMITS = [
  ["annie", "expired"],
  ["grete", "Sonar issued an outdated kind of permit"],
  ["evelyn", "was rounded in transit"],
] as const;

for (const [persona, sentence] of BAD_PERMITS) {
  test(`a permit that cannot be used (${persona}) is explained before anything is signed`, async ({
    page,
    purchase,
    ledger,
    openAs,
  }) => {
    await openAs(persona);
    if (persona === "annie") {
      await purchase.amount.fill("5");
      await purchase.submit.click();
    }
    await expect(shownText(page, sentence).first()).toBeVisible();
    expect(await ledger.sent(walletOf(persona))).toBe(0);
  });
}

test("a wallet without ETH for fees is told so before any request", async ({ page, purchase, sandbox, openAs }) => {
  await sandbox.control.chain.setNativeBalance(FIRST_BUYER, 0n);
  await openAs("ada");
  await expect(shownText(page, "Your wallet holds no ETH").first()).toBeVisible();
  await expect(purchase.submit).toBeDisabled();
});

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const ANNOUNCED = [
  ["later", { SALE_OPENS_AT: inDays(3) }, PHASE_WORDS["opens-later"]],
  ["earlier", { SALE_CLOSES_AT: inDays(-1) }, PHASE_WORDS.closed],
] as const;

for (const [when, settings, { sentence }] of ANNOUNCED) {
  test(`a user with a currently valid permit can commit although the sale is announced for ${when}`, async ({
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

test("a permit whose terms have changed since the form was filled in is read again, and the form asks for what it needs", async ({
  page,
  purchase,
  sandbox,
  openAs,
}) => {
  await openAs("ada");
  await purchase.amount.fill("125.50");
  await sandbox.control.setSaleKind("auction");
  await purchase.submit.click();
  await page.getByRole("button", { name: "Back to the form" }).click();
  await expect(page.getByRole("textbox", { name: /price/i })).toBeVisible();
  await expect(purchase.amount).toHaveValue("125.50");
  await sandbox.control.setSaleKind("fixed-price");
});
