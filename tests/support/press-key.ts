import { expect, type Locator } from "@playwright/test";

/** A part of the document that has come, but has not taken its place yet: React then replaces what is there. */
const WAITING_PART = '[hidden][id^="S:"]';

/**
 * Presses a key on one control. The browser gives no focus to what is not shown yet, what is replaced loses it, and a button that waits for
 * its script ignores the key: Playwright's own `press` waits for none of it.
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
