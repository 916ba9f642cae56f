import { PERSONAS } from "@/sandbox/echo/personas/all-personas";
import { EXPECTED_PERSONAS } from "@/tests/e2e/expected-personas";
import { expect, test } from "@/tests/support/browser/browser-test";
import { connectContext } from "@/tests/support/browser/connect-browser";
import { shownEntities, shownEntityStep } from "@/tests/support/browser/shown-text";

test("every persona of the sandbox has its expectation written down", () => {
  expect(Object.keys(EXPECTED_PERSONAS).sort()).toEqual(PERSONAS.map(({ id }) => id).sort());
});

for (const [id, { entities, step, summary }] of Object.entries(EXPECTED_PERSONAS)) {
  test(`the page shows the state and the next step of the persona "${id}"`, async ({ page, context, app }) => {
    await connectContext(context, app.url, id);
    await page.goto("/");
    await expect(page.getByText("Loading your entities.")).toHaveCount(0);
    await page.screenshot({ path: `test-results/personas/${id}.png`, fullPage: true });
    expect(await shownEntities(page)).toEqual(entities);
    expect(await shownEntityStep(page)).toEqual({ step, summary });
  });
}
