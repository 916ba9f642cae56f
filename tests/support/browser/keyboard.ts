import { expect, type Locator, type Page } from "@playwright/test";
import { site, type SiteLink } from "@/lib/config/site";

/** A part of the document that has arrived and is not in its place yet. React will replace the elements there. */
const WAITING_PART = '[hidden][id^="S:"]';

/**
 * Presses a key on one control. A hidden control cannot get the focus, a replaced one loses it, and a button that waits for
 * its script ignores the key. Playwright's own `press` waits for none of these.
 */
export async function pressKey(control: Locator, key: string): Promise<void> {
  const page = control.page();
  await expect(control).toBeVisible();
  await page.waitForLoadState("load");
  await expect(page.locator(WAITING_PART)).toHaveCount(0);
  await expect(control).toBeEnabled();
  await control.focus();
  await expect(control).toBeFocused();
  await page.keyboard.press(key);
}

/** One stop of the Tab key. */
export interface TabStop {
  name: string;
  /** True when the focus is visible. */
  visible: boolean;
}

/** Runs in the page. `undefined` once the focus has left the document's controls. */
function describeFocus(): TabStop | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(element);
  const text = element.textContent.trim() || element.querySelector("img")?.alt;
  const name = element.getAttribute("aria-label") ?? text ?? "";
  return { name, visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 };
}

/** The names of the Tab stops that links of `site.ts` make. */
export function linkStops(links: readonly SiteLink[]): string[] {
  return links.map(({ label, href }) => (href.startsWith("https:") ? `${label} (opens in a new tab)` : label));
}

/** The Tab stop of the link to support, at a failure and at the end of every page. The sandbox's apps have no SUPPORT_URL. */
export const SUPPORT = site.supportUrl ? ["Contact support (opens in a new tab)"] : [];

/** The last Tab stops of every page. */
export const FOOTER = [...linkStops(site.legal), ...SUPPORT];

const MOST_STOPS = 50;

/** Runs in the page: the next Tab begins at the top. */
function focusTop(): void {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}

/**
 * Presses Tab from the top of the page until the focus leaves it. To the page, what a test asks of it counts as its user's doing (`userGesture` of
 * Chromium's protocol), so that a part which arrives after that may have taken the focus.
 */
export async function tabThrough(page: Page): Promise<TabStop[]> {
  await page.waitForLoadState("load");
  await expect(page.locator(WAITING_PART)).toHaveCount(0);
  await page.evaluate(focusTop);
  const stops: TabStop[] = [];
  while (stops.length < MOST_STOPS) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(describeFocus);
    if (!stop) return stops;
    stops.push(stop);
  }
  throw new Error(`Tab does not come to an end: ${JSON.stringify(stops)}`);
}
