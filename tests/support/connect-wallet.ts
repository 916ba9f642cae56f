import type { Page } from "@playwright/test";

/** Chooses a wallet in the page's dialog, by its name. */
export async function connectWallet(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Connect wallet" }).click();
  await page.getByRole("dialog").getByRole("button", { name, exact: true }).click();
}
