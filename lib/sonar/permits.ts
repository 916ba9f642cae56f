import "server-only";
import type { GeneratePurchasePermitResponse, SonarClient } from "@echoxyz/sonar-core";
import { headers } from "next/headers";
import { permitBounds } from "@/lib/audit";
import { getEnv } from "@/lib/config/env";
import { isOtherContract } from "@/lib/config/public-settings";
import { count } from "@/lib/http/metrics";
import { mayPurchase } from "@/lib/purchase/may-purchase";
import { describeReadiness } from "@/lib/purchase/readiness";
import { fail, failure, success, type Result } from "@/lib/result";
import { isPausedBySite } from "@/lib/sale/pause";
import type { PageContract } from "@/lib/sale/state";
import type { SonarCallContext } from "@/lib/sonar";
import { requireOwnEntity, requireReadyEntity } from "@/lib/sonar/entities";
import { askSonar, prePurchaseCheckSchema, purchasePermitSchema, type PrePurchaseCheck } from "@/lib/sonar/responses";

interface Purchase {
  entityID: string;
  walletAddress: string;
}

interface PermitRequest extends Purchase {
  purpose?: "form";
  /** The contract that the page would pay to. */
  sale?: PageContract | undefined;
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
  purchase: PermitRequest,
  context: SonarCallContext,
): Promise<Result<void>> {
  const { purpose, entityID, walletAddress } = purchase;
  const check = await askCheck(client, { entityID, walletAddress }, context);
  if (!check.ok) return check;
  const readiness = describeReadiness(check.data, { sandboxOrigin: getEnv().sandbox?.origin });
  if (readiness.ready || (purpose === "form" && readiness.reason === "outside-time-window")) return success(undefined);
  return { ok: false, error: { ...failure("sale/purchase_not_cleared"), suggestion: readiness.sentence } };
}

/** A permit to buy, as `decidePermit` does, which is counted by its outcome. Those for a form are no permits yet. */
export async function generatePermit(
  client: SonarClient,
  purchase: PermitRequest,
  context: SonarCallContext,
): Promise<Result<GeneratePurchasePermitResponse>> {
  const permit = await decidePermit(client, purchase, context);
  if (purchase.purpose === "form") return permit;
  count(
    "app.permits",
    permit.ok ? { "app.outcome": "given" } : { "app.outcome": "refused", "error.type": permit.error.code },
  );
  return permit;
}

/**
 * A permit to buy: only while this site has not paused commitments, if its own gate passes, and for an entity of the user that is complete,
 * eligible and cleared by Sonar's own check at this moment. If the database cannot tell whether there is a pause, there is no permit: the
 * error becomes a temporary failure. Fails with `request/outdated_page` for a page of another contract, with `sale/paused_by_site`, as `mayPurchase`, `requireReadyEntity` and `requireClearedPurchase` do, or as a Sonar call does.
 */
async function decidePermit(
  client: SonarClient,
  purchase: PermitRequest,
  context: SonarCallContext,
): Promise<Result<GeneratePurchasePermitResponse>> {
  const { entityID, walletAddress, purpose = "commitment", sale } = purchase;
  const { userId, engine } = context;
  if (isOtherContract(sale)) return fail("request/outdated_page");
  if (await isPausedBySite()) return fail("sale/paused_by_site");
  // The form's permit comes without its signature and can be used for nothing, so that it is not recorded.
  if (purpose === "commitment") {
    engine.log.info("permit.asked");
    engine.audit.note(userId, { event: "permit-asked", entityID, wallet: walletAddress });
  }
  const allowed = await mayPurchase({ userId, entityID, walletAddress, purpose, headers: await headers() });
  if (!allowed.ok) return allowed;
  const ready = await requireReadyEntity(client, entityID, context);
  if (!ready.ok) return ready;
  const cleared = await requireClearedPurchase(client, purchase, context);
  if (!cleared.ok) return cleared;
  const permit = await askSonar(purchasePermitSchema, () =>
    client.generatePurchasePermit({ saleUUID: context.saleUUID, entityID, walletAddress }),
  );
  // Sonar may have answered slowly. A permit that nobody has been given expires unused.
  if (await isPausedBySite()) return fail("sale/paused_by_site");
  // The contract accepts no permit without its signature, so nobody can commit with one that the gate has let pass for a form.
  if (!permit.ok) return permit;
  if (purpose === "form") return success({ ...permit.data, Signature: "0x" });
  const bounds = permitBounds(permit.data);
  // If this throws, the permit is not handed out: it expires unused, and the user can ask again.
  await engine.audit.record(userId, { event: "permit-given", entityID, wallet: walletAddress, bounds });
  engine.log.info("permit.given");
  return permit;
}
