import { expect, type Page } from "@playwright/test";

/** What the error page has to say for itself. */
export interface ExpectedError {
  code: string;
  reason?: string;
  /** Absent: Sonar. */
  provider?: string;
  message: string;
}

/** The page for failed connections shows this cause, and its address names the cause and nothing else: no code, no state. */
export async function expectErrorPage(page: Page, { code, reason, provider, message }: ExpectedError): Promise<void> {
  const query = new URLSearchParams({ code, ...(reason !== undefined && { reason }), ...(provider && { provider }) });
  await expect(page).toHaveURL((url) => url.pathname === "/oauth/error" && url.search === `?${query.toString()}`);
  const main = page.getByRole("main");
  await expect(main.getByText(message, { exact: true })).toBeVisible();
  await expect(main.getByText(`Reference ${code}`)).toBeVisible();
  await expect(main.getByRole("button").or(main.getByRole("link"))).toHaveCount(1);
}

/** The error page says that the earlier connection stands, and going on shows its entity. */
export async function expectConnectionUnchanged(page: Page, entity: string): Promise<void> {
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { name: "Your connection is unchanged" })).toBeVisible();
  await main.getByRole("link", { name: "Back to the sale" }).click();
  await expect(page.getByRole("heading", { name: entity })).toBeVisible();
}
