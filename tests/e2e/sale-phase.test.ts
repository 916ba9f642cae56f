import { PHASE_WORDS } from "@/lib/sale/phase";
import { chainControl } from "@/sandbox/chain/control";
import { expect, reloadUntil, saleTest as test } from "@/tests/support/browser/purchase-test";

/** The page asks for the state this often (milliseconds). */
const POLL_EVERY = 10_000;

test("the banner follows the chain: every stage, and the pause", async ({ page, sandbox }) => {
  const { sale } = chainControl(sandbox.rpcUrl);
  const panel = page.getByRole("region", { name: "The sale" });
  await page.clock.install();
  await page.goto("/");
  await expect(panel.getByText(PHASE_WORDS.open.sentence)).toBeVisible();
  await sale.setPaused(true);
  await expect(async () => {
    await page.clock.runFor(POLL_EVERY);
    await expect(panel.getByText(PHASE_WORDS.paused.sentence)).toBeVisible({ timeout: 500 });
  }).toPass();
  await sale.setPaused(false);
  for (const [stage, kind] of [
    ["PreOpen", "not-open"],
    ["Cancellation", "cancellation"],
    ["Settlement", "settlement"],
    ["Done", "done"],
  ] as const) {
    await sale.setStage(stage);
    await reloadUntil(page, panel.getByText(PHASE_WORDS[kind].sentence));
  }
});
