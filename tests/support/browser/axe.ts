import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** Fails with a readable list when the page breaks an accessibility rule (WCAG 2.2 A and AA, axe's best practices). */
export async function expectNoAxeViolations(page: Page): Promise<void> {
  // Without frames, legacy mode finds the same; the other mode opens a further page each time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const readable = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target }) => target.join(" ")),
  }));
  expect(readable).toEqual([]);
}

const LOOKS = [
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 1280 },
  { colorScheme: "light", width: 390 },
  { colorScheme: "dark", width: 390 },
] as const;

/** Checks the page light and dark, wide and narrow. */
export async function expectNoViolationsInAnyLook(page: Page): Promise<void> {
  for (const { colorScheme, width } of LOOKS) {
    // Without motion: a colour on its way from light to dark has neither's contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 844 });
    await expectNoAxeViolations(page);
  }
}
