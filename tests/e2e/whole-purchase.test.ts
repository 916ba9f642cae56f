import type { Locator, Page } from "@playwright/test";
import { expect, test } from "@/tests/support/browser/purchase-test";
import { SalePage, SIGN_IN } from "@/tests/support/browser/browser-test";

/** Records what a screen reader would say, over all pages of the walk. */
async function recordAnnouncements(page: Page): Promise<readonly string[]> {
  const heard: string[] = [];
  await page.exposeFunction("heardByTest", (sentence: string) => heard.push(sentence));
  await page.addInitScript(() => {
    const say = (window as unknown as { heardByTest?: (sentence: string) => void }).heardByTest;
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        if (!(target instanceof Element) || !target.matches("[role=log]")) continue;
        for (const { textContent } of addedNodes) say?.(textContent ?? "");
      }
    }).observe(document, { childList: true, subtree: true });
  });
  return heard;
}

/** The name of the focused element, or "body" when the focus is lost. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return "body";
    const label = element.getAttribute("aria-label") ?? (element as HTMLInputElement).labels?.[0]?.textContent;
    return `${element.tagName} ${label ?? element.textContent.slice(0, 60)}`;
  });
}

/** Buttons that were pressed on the way. */
class Clicks {
  made = 0;

  async press(control: Locator): Promise<void> {
    this.made += 1;
    await control.click();
  }
}

const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 900 } };

for (const [name, viewport] of Object.entries(SIZES)) {
  test.describe(`on a ${name}`, () => {
    test.use({ viewport });

    test("four presses and an amount lead from the landing to a commitment, and the focus and the announcements lead along", async ({
      page,
      purchase,
    }) => {
      const heard = await recordAnnouncements(page);
      const sale = new SalePage(page);
      const clicks = new Clicks();
      await sale.open();
      await clicks.press(sale.button(SIGN_IN));
      await clicks.press(sale.button("Approve"));
      const connect = sale.button("Connect wallet");
      await expect(connect).toBeFocused();
      await clicks.press(connect);
      await expect(purchase.amount).toBeFocused();
      await page.keyboard.type("125.50");
      expect(await focused(page)).toContain("Amount");
      await clicks.press(purchase.submit);
      expect(await focused(page)).not.toBe("body");
      await expect(purchase.confirmed).toBeVisible();
      expect(clicks.made).toBe(4);
      await expect.poll(() => focused(page)).not.toBe("body");
      await page.getByRole("button", { name: "Close", exact: true }).click();
      await expect.poll(() => focused(page)).not.toBe("body");
      test.info().annotations.push({ type: "heard", description: heard.join(" ") });
      const story = ["Sonar connected.", "Step 4 of 5: Wallet.", "Wallet connected.", "Step 5 of 5: Commit."];
      expect(heard.slice(0, story.length)).toEqual(story);
      expect(
        heard.every((sentence) => /^[A-Z].*[.!?]$/.test(sentence)),
        heard.join(" | "),
      ).toBe(true);
    });
  });
}
