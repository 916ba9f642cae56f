import type { Locator, Page } from "@playwright/test";

/**
 * Text that a person sees on the page. The document's stream brings each part hidden before it takes its place, so that the same text
 * may be in the document twice for a moment: `getByText` alone then finds two.
 */
export function shownText(page: Page, text: string | RegExp): Locator {
  return page.getByText(text).filter({ visible: true });
}
