import type { BrowserContext, Page } from "@playwright/test";
import { approve } from "@/tests/support/sandbox/sandbox-user";

/**
 * Posts one of the app's forms with a browser's cookies but without a page, and returns the target of its redirect. For preparations
 * that are not the subject of a test.
 */
async function submitForm(
  { request }: BrowserContext,
  appUrl: string,
  path: string,
  fields: Record<string, string> = {},
): Promise<URL> {
  const answer = await request.post(new URL(path, appUrl).href, {
    headers: { Origin: appUrl },
    form: fields,
    maxRedirects: 0,
  });
  const location = answer.headers().location;
  if (location === undefined) throw new Error(`POST ${path} did not redirect but answered ${answer.status()}`);
  return new URL(location, appUrl);
}

/** Signs a browser in. `appUrl`: the address of any of the app's pages. */
export async function signInContext(context: BrowserContext, appUrl: string): Promise<void> {
  await submitForm(context, new URL(appUrl).origin, "/auth/sign-in");
}

/** Begins a connection and approves it as a persona (its id). Returns the callback's address without opening it. */
export async function pendingCallback(
  context: BrowserContext,
  appUrl: string,
  persona = "ada",
  provider = "sonar",
): Promise<URL> {
  return approve(await submitForm(context, appUrl, `/auth/connect/${provider}`), persona);
}

/** Signs a browser in and connects it as a persona (its id). */
export async function connectContext(context: BrowserContext, appUrl: string, persona = "ada"): Promise<void> {
  await signInContext(context, appUrl);
  const callback = await pendingCallback(context, appUrl, persona);
  const answer = await context.request.get(callback.href, { maxRedirects: 0 });
  const location = answer.headers().location;
  if (location !== new URL("/", appUrl).href) throw new Error(`The callback led to ${location}`);
}

/** Connects a wallet by its name: the press connects one that is alone, and otherwise opens the dialog to choose it in. */
export async function connectWallet(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: "Connect wallet" }).click();
  const option = page.getByRole("dialog").getByRole("button", { name, exact: true });
  const connected = page.getByRole("banner").getByRole("button", { name: /^Wallet 0x/ });
  await option.or(connected).first().waitFor();
  if (await option.isVisible()) await option.click();
}
