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

/**
 * Runs in the page: what cannot be read without scrolling sideways, and words that are broken. Names, addresses and codes may break; a word of
 * more than twelve letters may be wider than a line.
 */
function unreadable(): string[] {
  const found: string[] = [];
  const surplus = document.documentElement.scrollWidth - window.innerWidth;
  if (surplus > 0) {
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > window.innerWidth + 1;
    });
    found.push(`${surplus} px too wide: ${wide.map(({ tagName, className }) => `${tagName} ${className}`).join(", ")}`);
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const parent = text.parentElement;
    if (!parent?.checkVisibility() || parent.closest(".sr-only, .font-mono, bdi, code, script, style")) continue;
    for (const { index, 0: word } of (text.textContent ?? "").matchAll(/(?<![\w@.])[A-Za-z]{3,12}(?![\w@.])/g)) {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const lines = new Set(
        [...range.getClientRects()].filter(({ width }) => width > 0).map(({ top }) => Math.round(top)),
      );
      if (lines.size > 1) found.push(`"${word}" is broken into ${lines.size}: ${parent.tagName} ${parent.className}`);
    }
  }
  return found;
}

/** Runs in the page: buttons, fields and marks that nothing outlines where a reader's own colours replace all others. */
function withoutOutline(): string[] {
  const controls = document.querySelectorAll(
    "button, a.bg-accent, input:not([type=hidden]), select, textarea, .rounded-full",
  );
  const isOutlined = (element: Element | null): boolean => {
    if (!element) return false;
    const { borderTopStyle, borderTopWidth } = getComputedStyle(element);
    return borderTopStyle !== "none" && parseFloat(borderTopWidth) > 0;
  };
  return [...controls]
    .filter((control) => control.checkVisibility() && !(control.matches("input") && isOutlined(control.parentElement)))
    .filter((control) => !control.matches("[type=radio], [type=checkbox]") && !isOutlined(control))
    .map((control) => `${control.tagName} ${control.textContent}`);
}

/** Checks that a page can be read with large text on a narrow screen, and in a reader's own colours. */
export async function expectReadable(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 844 });
  for (const size of ["", "200%"]) {
    await page.evaluate((fontSize) => void (document.documentElement.style.fontSize = fontSize), size);
    expect(await page.evaluate(unreadable), `text size ${size}`).toEqual([]);
  }
  await page.evaluate(() => void (document.documentElement.style.fontSize = ""));
  await page.emulateMedia({ forcedColors: "active" });
  expect(await page.evaluate(withoutOutline), "in forced colours").toEqual([]);
  await page.emulateMedia({ forcedColors: "none" });
}

/** Checks the page light and dark, wide and narrow, with large text, and in a reader's own colours. */
export async function expectNoViolationsInAnyLook(page: Page): Promise<void> {
  await expectReadable(page);
  for (const { colorScheme, width } of LOOKS) {
    // Without motion: a colour on its way from light to dark has neither's contrast.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 844 });
    await expectNoAxeViolations(page);
  }
}
