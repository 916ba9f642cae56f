import "server-only";
import type { SonarClient } from "@echoxyz/sonar-core";
import { getEnv } from "@/lib/config/env";
import { failure, success, type Result } from "@/lib/result";
import { describeReadiness } from "@/lib/purchase/readiness";
import { askSonar, prePurchaseCheckSchema } from "@/lib/sonar/responses";
import type { SonarCallContext } from "@/lib/sonar";

interface Purchase {
  entityID: string;
  walletAddress: string;
  purpose?: "form";
}

/**
 * Sonar's check right before a permit (sonar.md 2.4): a wallet may have been flagged since the page asked, and whether Sonar then refuses
 * the permit by itself is not known (8.5). Fails with `sale/purchase_not_cleared` and the reason's own sentence. Only a form, which shows
 * from when on, may have a permit outside its window.
 */
export async function requireClearedPurchase(
  client: SonarClient,
  { purpose, ...purchase }: Purchase,
  { saleUUID }: SonarCallContext,
): Promise<Result<void>> {
  const check = await askSonar(prePurchaseCheckSchema, () => client.prePurchaseCheck({ saleUUID, ...purchase }));
  if (!check.ok) return check;
  const readiness = describeReadiness(check.data, { sandboxOrigin: getEnv().sandbox?.origin });
  if (readiness.ready || (purpose === "form" && readiness.reason === "outside-time-window")) return success(undefined);
  return { ok: false, error: { ...failure("sale/purchase_not_cleared"), suggestion: readiness.sentence } };
}
