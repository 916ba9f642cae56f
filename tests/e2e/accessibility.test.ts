import type { BrowserContext, Page } from "@playwright/test";
import { site } from "@/lib/config/site";
import { expectNoViolationsInAnyLook } from "@/tests/support/browser/axe";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext, signInContext } from "@/tests/support/browser/connect-browser";
import { shownText } from "@/tests/support/browser/shown-text";

interface State {
  prepare?: (context: BrowserContext, appUrl: string) => Promise<void>;
  path: string;
  /** Text of the complete page. */
  shows: string;
}

const connectedAs = (persona: string) => (context: BrowserContext, appUrl: string) =>
  connectContext(context, appUrl, persona);

const STATES: Readonly<Record<string, State>> = {
  "the start page": { path: "/", shows: "by 321 participants" },
  "the page of a signed-in user": { prepare: signInContext, path: "/", shows: "Connect with Sonar" },
  "the page of a connected user": { prepare: connectedAs("ada"), path: "/", shows: "Ada Lovelace" },
  "a list of several entities": { prepare: connectedAs("katherine"), path: "/", shows: "Johnson Orbital LLC" },
  "an entity that can continue its setup": { prepare: connectedAs("frances"), path: "/", shows: "Continue on Sonar" },
  "an entity that was declined": { prepare: connectedAs("john"), path: "/", shows: "The identity check was declined" },
  "an account without an entity": { prepare: connectedAs("nobody"), path: "/", shows: "No entity yet" },
  "the error page": { path: "/oauth/error?code=oauth/access_denied", shows: "You chose not to give access." },
  "the page for an unknown address": { path: "/nowhere", shows: "Page not found" },
};

const LEGAL: readonly [string, State][] = site.legal
  .filter(({ href }) => href.startsWith("/"))
  .map(({ label, href }) => [`the page "${label}"`, { path: href, shows: site.footer }]);

test.use({ expectedProblems: [/status of 404 .*\/nowhere\)/] });

async function checkEveryLook(page: Page, { path, shows }: State): Promise<void> {
  await page.goto(path);
  await expect(shownText(page, shows).first()).toBeVisible();
  await expectNoViolationsInAnyLook(page);
}

for (const [name, state] of [...Object.entries(STATES), ...LEGAL]) {
  test(`${name} breaks no accessibility rule, light or dark, wide or narrow`, async ({ page, context, app }) => {
    await state.prepare?.(context, app.url);
    await checkEveryLook(page, state);
  });
}

test("an error in the page breaks no accessibility rule", async ({ page, context, app, sandbox }) => {
  await connectContext(context, app.url);
  await sandbox.control.setFault({ endpoint: "*", effect: { kind: "status", status: 500 } });
  await checkEveryLook(page, { path: "/", shows: "Your entities could not be loaded." });
});
