import { json, ApiError, type Answer } from "../../http/answer";
import { requireText } from "../../http/fields";
import { jsonBody, type SandboxRequest } from "../../http/request";
import { SANDBOX_SALE_UUID } from "../../../lib/config/sandbox";
import type { Echo } from "../echo";
import { buildPermit, isOpen, saleWindow } from "../permits/permit";
import type { Persona, PersonaEntity } from "../personas/persona";
import { authenticate, requireOwnEntity, requireSale, requireWallet, requireWalletsEntity } from "./caller";

interface Purchase {
  persona: Persona;
  entity: PersonaEntity;
  wallet: string;
}

/** PrePurchaseCheck: whether the entity may purchase with this wallet now. A wallet that passes is the entity's. */
export async function prePurchaseCheck(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const purchase = readPurchase(echo, request);
  const check = checkOf(echo, purchase, await echo.chain.time());
  if (check.ReadyToPurchase) link(echo, purchase);
  return json(check);
}

/**
 * GenerateSalePurchasePermit: a signed permit, by the chain's clock because the contract holds it to that. Throws ApiError
 * 403 for whom the sale is not open.
 */
export async function generatePurchasePermit(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const purchase = readPurchase(echo, request);
  const now = await echo.chain.time();
  refuseUnlessPermitted(checkOf(echo, purchase, now));
  const { entity, wallet } = purchase;
  const permit = buildPermit({ entity, wallet, saleUuid: SANDBOX_SALE_UUID, now, anchor: echo.anchor.time });
  // Loaded at the first permit: the cryptography is most of what the sandbox weighs.
  const { signPermit } = await import("../permits/sign-permit");
  const signature = await signPermit(permit);
  link(echo, purchase);
  return json({ PermitJSON: permit, Signature: signature });
}

/** Limits: the commitment limits of the entity that uses this wallet. Throws ApiError 404 for a wallet nobody uses. */
export function limits(echo: Echo, request: SandboxRequest): Answer {
  const { persona } = authenticate(echo, request);
  const body = jsonBody(request);
  requireSale(body);
  const wallet = requireWallet(body, "WalletAddress", request);
  const { terms } = requireWalletsEntity(echo, persona, wallet, request);
  return json({
    HasCustomCommitmentAmountLimit: terms.customLimit,
    MinCommitmentAmount: terms.minAmount,
    MaxCommitmentAmount: terms.maxAmount,
  });
}

function readPurchase(echo: Echo, request: SandboxRequest): Purchase {
  const { persona } = authenticate(echo, request);
  const body = jsonBody(request);
  requireSale(body);
  const wallet = requireWallet(body, "PurchasingWalletAddress", request);
  return { persona, wallet, entity: requireOwnEntity(persona, requireText(body, "EntityID"), request) };
}

function checkOf(echo: Echo, { entity }: Purchase, now: number): PurchaseCheck {
  const { EntityID } = entity.details;
  return checkPurchase(entity, {
    livenessPassed: echo.purchases.hasPassedLiveness(EntityID),
    livenessUrl: `${echo.origin}/liveness/${EntityID}`,
    open: isOpen(saleWindow(entity.terms.window, echo.anchor.time), now),
  });
}

function refuseUnlessPermitted(check: PurchaseCheck): void {
  // Outside the window a permit is still issued: it says itself when it opens, and the contract holds it to that.
  if (check.ReadyToPurchase || check.FailureReason === "outside-time-window") return;
  throw new ApiError("permission_denied", `the pre-purchase check fails: ${check.FailureReason}`);
}

function link(echo: Echo, { persona, wallet, entity }: Purchase): void {
  echo.purchases.linkWallet(persona.id, wallet, entity.details.EntityID);
}

/** What PrePurchaseCheck answers. */
export interface PurchaseCheck {
  ReadyToPurchase: boolean;
  /** Empty when ready. */
  FailureReason: string;
  /** Empty unless the reason is "requires-liveness". */
  LivenessCheckURL: string;
}

/** What the decision depends on besides the entity. */
export interface CheckCircumstances {
  livenessPassed: boolean;
  livenessUrl: string;
  /** Whether the entity's window is open. */
  open: boolean;
}

/** Decides whether an entity may purchase now (sonar.md 2.4). */
export function checkPurchase(entity: PersonaEntity, circumstances: CheckCircumstances): PurchaseCheck {
  const reason = failureReason(entity, circumstances);
  return {
    ReadyToPurchase: reason === "",
    FailureReason: reason,
    LivenessCheckURL: reason === "requires-liveness" ? circumstances.livenessUrl : "",
  };
}

function failureReason({ details, terms }: PersonaEntity, { livenessPassed, open }: CheckCircumstances): string {
  // Echo was seen to say "sale-not-active" for entities that are not verified or not eligible as well.
  if (!isCleared(details)) return "sale-not-active";
  const stated = terms.failureReason === "requires-liveness" && livenessPassed ? "" : terms.failureReason;
  if (stated !== "") return stated;
  return open ? "" : "outside-time-window";
}

function isCleared(details: PersonaEntity["details"]): boolean {
  return details.EntitySetupState === "complete" && details.SaleEligibility === "eligible";
}
