import "server-only";
import type { GeneratePurchasePermitResponse, SonarClient } from "@echoxyz/sonar-core";
import { headers } from "next/headers";
import { getEnv } from "@/lib/config/env";
import { mayPurchase } from "@/lib/purchase/may-purchase";
import { describeReadiness } from "@/lib/purchase/readiness";
import { failure, success, type Result } from "@/lib/result";
import type { SonarCallContext } from "@/lib/sonar";
import { requireOwnEntity, requireReadyEntity } from "@/lib/sonar/entities";
import { askSonar, prePurchaseCheckSchema, purchasePermitSchema, type PrePurchaseCheck } from "@/lib/sonar/responses";

interface Purchase {
  entityID: string;
  walletAddress: string;
}

function askCheck(client: SonarClient, purchase: Purchase, { saleUUID }: SonarCallContext) {
  return askSonar(prePurchaseCheckSchema, () => client.prePurchaseCheck({ saleUUID, ...purchase }));
}

/** Sonar's check of whether an entity of the user may buy with a wallet now. Fails as `requireOwnEntity` and a Sonar call do. */
export async function checkPurchase(
  client: SonarClient,
  purchase: Purchase,
  context: SonarCallContext,
): Promise<Result<PrePurchaseCheck>> {
  const own = await requireOwnEntity(client, purchase.entityID, context);
  return own.ok ? askCheck(client, purchase, context) : own;
}

/**
 * Sonar's check right before a permit (sonar.md 2.4). A wallet may have been flagged since the page asked, and it is not known if Sonar then
 * refuses the permit by itself (sonar.md 2.5). Fails with `sale/purchase_not_cleared` and the reason's own sentence. Only a form, which shows when
 * the entity's time window opens, may have a permit outside that window.
 */
async function requireClearedPurchase(
  client: SonarClient,
  purchase: Purchase & { purpose?: "form" },
  context: SonarCallContext,
): Promise<Result<void>> {
  const { purpose, entityID, walletAddress } = purchase;
  const check = await askCheck(client, { entityID, walletAddress }, context);
  if (!check.ok) return check;
  const readiness = describeReadiness(check.data, { sandboxOrigin: getEnv().sandbox?.origin });
  if (readiness.ready || (purpose === "form" && readiness.reason === "outside-time-window")) return success(undefined);
  return { ok: false, error: { ...failure("sale/purchase_not_cleared"), suggestion: readiness.sentence } };
}

/**
 * A permit to buy: only if this site's own gate passes, and for an entity of the user that is complete, eligible and cleared by Sonar's own
 * check at this moment. Fails as `mayPurchase`, `requireReadyEntity` and `requireClearedPurchase` do, or as a Sonar call does.
 */
export async function generatePermit(
  client: SonarClient,
  purchase: Purchase & { purpose?: "form" },
  context: SonarCallContext,
): Promise<Result<GeneratePurchasePermitResponse>> {
  const { entityID, walletAddress, purpose = "commitment" } = purchase;
  const { userId } = context;
  const allowed = await mayPurchase({ userId, entityID, walletAddress, purpose, headers: await headers() });
  if (!allowed.ok) return allowed;
  const ready = await requireReadyEntity(client, entityID, context);
  if (!ready.ok) return ready;
  const cleared = await requireClearedPurchase(client, purchase, context);
  if (!cleared.ok) return cleared;
  const permit = await askSonar(purchasePermitSchema, () =>
    client.generatePurchasePermit({ saleUUID: context.saleUUID, entityID, walletAddress }),
  );
  // The contract accepts no permit without its signature, so nobody can commit with one that the gate has let pass for a form.
  return permit.ok && purpose === "form" ? success({ ...permit.data, Signature: "0x" }) : permit;
}
