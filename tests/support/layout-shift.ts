import type { Page } from "@playwright/test";

declare global {
  interface Window {
    layoutShifts: { value: number; nodes: string[] }[];
  }
}

/** Runs in the page, before anything else does. */
function observeLayoutShifts(): void {
  window.layoutShifts = [];
  const nameOf = (node: Node | null) => (node instanceof Element ? `${node.tagName} ${node.className}` : String(node));
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // TypeScript's DOM types do not know layout shifts (https://wicg.github.io/layout-instability/).
      const { value, hadRecentInput, sources } = entry.toJSON() as {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Node | null }[];
      };
      if (!hadRecentInput) window.layoutShifts.push({ value, nodes: sources.map(({ node }) => nameOf(node)) });
    }
  }).observe({ type: "layout-shift", buffered: true });
}

/** Measures from the next document on how much the page moves without the user doing anything. */
export async function watchLayoutShift(page: Page): Promise<void> {
  await page.addInitScript(observeLayoutShifts);
}

/** Everything that moved so far, and the sum of it (https://web.dev/articles/cls says how it is measured). */
export async function layoutShift(page: Page): Promise<{ sum: number; shifts: Window["layoutShifts"] }> {
  const shifts = await page.evaluate(() => window.layoutShifts);
  return { sum: shifts.reduce((sum, { value }) => sum + value, 0), shifts };
}
