import { expect, type Locator, type Page } from "@playwright/test";

/**
 * Visible text on the page. The document's stream delivers each part hidden before it takes its place, so that the same text
 * may be in the document twice for a moment, and `getByText` alone would find both. What the live region says of it does not count.
 */
export function shownText(page: Page, text: string | RegExp): Locator {
  return page.getByText(text).and(page.locator(":not([role=log] *)")).filter({ visible: true });
}

/** The bar of the finished steps, in its place. */
export function finishedSteps(page: Page): Locator {
  return page.locator("summary").filter({ hasText: "steps are done", visible: true });
}

/** Opens the bar of the finished steps, if there is one and it is closed. */
export async function openFinishedSteps(page: Page): Promise<void> {
  const closed = finishedSteps(page).and(page.locator("details:not([open]) > summary"));
  if ((await closed.count()) > 0) await closed.click();
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.innerText()).trim();
}

/** The text of a link for screen readers; `undefined` if there is none. */
async function linkOf(card: Locator): Promise<string | undefined> {
  const link = card.getByRole("link");
  if ((await link.count()) === 0) return undefined;
  return (await link.evaluate(({ textContent }) => textContent)).trim();
}

async function readCard(card: Locator) {
  const [setup = "", eligibility = "", region = ""] = await card.getByRole("definition").allInnerTexts();
  const link = await linkOf(card);
  return {
    name: await textOf(card.getByRole("heading")),
    badge: await textOf(card.locator("span.rounded-full")),
    sentence: await textOf(card.getByRole("paragraph").nth(1)),
    facts: [setup, eligibility, region],
    ...(link !== undefined && { link }),
  };
}

/** Waits for the entity cards of the sale page and returns them in their order. */
export async function shownEntities(page: Page) {
  await expect(page.getByText("Loading your entities.")).toHaveCount(0);
  await openFinishedSteps(page);
  const cards = await page.getByRole("list", { name: "Your entities" }).locator("> li").all();
  return Promise.all(cards.map(readCard));
}

/** The state and the summary of the journey's entity step. */
export async function shownEntityStep(page: Page): Promise<{ step: string; summary: string }> {
  const head = page.locator("[data-step=entity]");
  const [step = ""] = await head.getByText(/^(Done|Now|Waiting|Stopped)$/).allInnerTexts();
  const summary = await textOf(head.getByRole("paragraph").first());
  return { step, summary };
}
