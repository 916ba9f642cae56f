import { expect, type Locator } from "@playwright/test";

/**
 * Presses a key on one control. The browser gives no focus to what the document's stream has not shown yet, and a button that
 * waits for its script ignores the key: Playwright's own `press` waits for neither.
 */
export async function pressKey(control: Locator, key: string): Promise<void> {
  await expect(control).toBeVisible();
  await expect(control).toBeEnabled();
  await control.focus();
  await expect(control).toBeFocused();
  await control.page().keyboard.press(key);
}
