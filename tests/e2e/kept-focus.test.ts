import { expect, test } from "@/tests/support/browser/browser-test";

/** Runs in the page, before anything else does: the keyboard's user is quicker than the rest of the document. */
function focusAtOnce(name: string): void {
  const observer = new MutationObserver(() => {
    const button = [...document.querySelectorAll("button")].find(({ textContent }) => textContent === name);
    if (!button) return;
    observer.disconnect();
    button.focus();
  });
  observer.observe(document, { childList: true, subtree: true });
}

test("a visitor who is at the button before the page is complete stays there", async ({ page, salePage }) => {
  await page.addInitScript(focusAtOnce, "Sign in");
  await salePage.open();
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("img", { name: /^Chart/ })).toHaveAttribute("data-chart", "drawn");
  await expect(salePage.button("Sign in")).toBeFocused();
});
