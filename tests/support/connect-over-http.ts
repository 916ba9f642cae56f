import { redirectOf, type HttpBrowser } from "@/tests/support/http-browser";
import { approve } from "@/tests/support/sandbox-user";

async function requireRedirect(what: string, response: Response): Promise<URL> {
  const target = redirectOf(response);
  if (!target) throw new Error(`${what} did not redirect but answered ${response.status}: ${await response.text()}`);
  return target;
}

/** Presses "Sign in". */
export async function signIn(browser: HttpBrowser, appUrl: string): Promise<void> {
  await requireRedirect("Sign in", await browser.submit(new URL("/auth/sign-in", appUrl)));
}

/** Presses "Connect with Sonar"; returns the address of the consent page. */
export async function beginConnect(browser: HttpBrowser, appUrl: string, returnTo?: string): Promise<URL> {
  const target = new URL("/auth/connect/sonar", appUrl);
  return requireRedirect("Connect", await browser.submit(target, { ...(returnTo !== undefined && { returnTo }) }));
}

/** The whole way for a browser that is signed in: connect, approve as a persona (its id), callback. Returns where that led. */
export async function connectAs(browser: HttpBrowser, appUrl: string, persona = "ada"): Promise<URL> {
  const callback = await approve(await beginConnect(browser, appUrl), persona);
  return requireRedirect("The callback", await browser.get(callback));
}
