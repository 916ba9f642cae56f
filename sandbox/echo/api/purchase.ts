import { json, ApiError, type Answer } from "../../http/answer";
import { requireText } from "../../http/fields";
import { jsonBody, type SandboxRequest } from "../../http/request";
import { SANDBOX_SALE_UUID } from "../../../lib/config/sandbox";
import type { Echo } from "../echo";
import { buildPermit, isOpen, permitOnTheWire, saleWindow } from "../permits/permit";
import type { Persona, PersonaEntity } from "../personas/persona";
import { authenticate, requireOwnEntity, requireSale, requireWallet, requireWalletsEntity } from "./caller";

interface Purchase {
  persona: Persona;
  entity: PersonaEntity;
  wallet: string;
}

/** PrePurchaseCheck: checks if the entity can purchase with this wallet now. A wallet that passes is linked to the entity. */
export async function prePurchaseCheck(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const purchase = readPurchase(echo, request);
  const check = checkOf(echo, purchase, await echo.chain.time());
  if (check.ReadyToPurchase) link(echo, purchase);
  return json(check);
}

/**
 * GenerateSalePurchasePermit: a signed permit. Its times follow the chain's clock, because the contract checks them by that clock.
 * Throws ApiError 403 if the pre-purchase check fails.
 */
export async function generatePurchasePermit(echo: Echo, request: SandboxRequest): Promise<Answer> {
  const purchase = readPurchase(echo, request);
  const now = await echo.chain.time();
  refuseUnlessPermitted(checkOf(echo, purchase, now));
  const { entity, wallet } = purchase;
  const wanted = { entity, wallet, saleUuid: SANDBOX_SALE_UUID, now, anchor: echo.anchor.time, kind: echo.anchor.kind };
  const permit = buildPermit(wanted);
  // Loaded at the first permit: the cryptography is large.
  const { signPermit } = await import("../permits/sign-permit");
  const signature = await signPermit(permit, echo.demo?.permitSigner);
  link(echo, purchase);
  return json({ PermitJSON: permitOnTheWire(permit, wanted), Signature: signature });
}

/** Limits: the commitment limits of the entity that uses this wallet. Throws ApiError 404 for an unknown wallet. */
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

/** The check for one entity and wallet; `now` is the sale's time in Unix seconds. */
export function checkOf(echo: Echo, { entity }: Purchase, now: number): PurchaseCheck {
  const { EntityID } = entity.details;
  return checkPurchase(entity, {
    livenessPassed: echo.purchases.hasPassedLiveness(EntityID),
    livenessUrl: `${echo.pagesUrl}/liveness/${EntityID}`,
    open: isOpen(saleWindow(entity.terms.window, echo.anchor.time), now),
  });
}

function refuseUnlessPermitted(check: PurchaseCheck): void {
  // Outside its window an entity still gets a permit: the permit states the window, and the contract enforces it.
  if (check.ReadyToPurchase || check.FailureReason === "outside-time-window") return;
  throw new ApiError("permission_denied", `the pre-purchase check fails: ${check.FailureReason}`);
}

function link(echo: Echo, { persona, wallet, entity }: Purchase): void {
  echo.purchases.linkWallet(persona.id, wallet, entity.details.EntityID);
}

/** The answer of PrePurchaseCheck. */
export interface PurchaseCheck {
  ReadyToPurchase: boolean;
  /** Empty when ready. */
  FailureReason: string;
  /** Empty unless the reason is "requires-liveness". */
  LivenessCheckURL: string;
}

/** The facts besides the entity that decide the check. */
export interface CheckCircumstances {
  livenessPassed: boolean;
  livenessUrl: string;
  /** True while the entity's window is open. */
  open: boolean;
}

/** Decides if an entity can purchase now (sonar.md 2.4). */
export function checkPurchase(entity: PersonaEntity, circumstances: CheckCircumstances): PurchaseCheck {
  const reason = failureReason(entity, circumstances);
  return {
    ReadyToPurchase: reason === "",
    FailureReason: reason,
    LivenessCheckURL: reason === "requires-liveness" ? circumstances.livenessUrl : "",
  };
}

function failureReason({ details, terms }: PersonaEntity, { livenessPassed, open }: CheckCircumstances): string {
  // Echo was observed to answer "sale-not-active" also for entities that are not verified or not eligible.
  if (!isCleared(details)) return "sale-not-active";
  const stated = terms.failureReason === "requires-liveness" && livenessPassed ? "" : terms.failureReason;
  if (stated !== "") return stated;
  return open ? "" : "outside-time-window";
}

function isCleared(details: PersonaEntity["details"]): boolean {
  return details.EntitySetupState === "complete" && details.SaleEligibility === "eligible";
}
