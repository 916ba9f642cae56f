import { PHASE_WORDS } from "@/lib/sale/phase";
import { chainControl } from "@/sandbox/chain/control";
import { expect, reloadUntil, saleTest as test } from "@/tests/support/browser/purchase-test";

/** The state is polled every ten seconds, and shared for two. */
const UNTIL_POLLED = { timeout: 20_000 };

test("the banner follows the chain: every stage, and the pause", async ({ page, sandbox }) => {
  const { sale } = chainControl(sandbox.rpcUrl);
  const panel = page.getByRole("region", { name: "The sale" });
  await page.goto("/");
  await expect(panel.getByText(PHASE_WORDS.commitment.sentence)).toBeVisible();
  await sale.setPaused(true);
  await expect(panel.getByText(PHASE_WORDS.paused.sentence)).toBeVisible(UNTIL_POLLED);
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
