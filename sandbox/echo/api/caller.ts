import { ApiError } from "../../http/answer";
import type { SandboxRequest, JsonObject } from "../../http/request";
import type { Echo } from "../echo";
import { fingerprint } from "../../oauth/secrets";
import { findPersona } from "../personas/all-personas";
import type { Persona, PersonaEntity } from "../personas/persona";
import { invalidField, requireText } from "../../http/fields";
import { SANDBOX_SALE_UUID } from "../../../lib/config/sandbox";

/** The persona that makes a request, and the grant that it uses. */
export interface Caller {
  persona: Persona;
  grantId: string;
}

/** Echo's own scheme: a plain "Bearer" is rejected (sonar.md 1.5). */
const AUTHORIZATION = /^api:Bearer (\S+)$/;

/** The caller of an API request. Throws ApiError 401 without a valid access token in Echo's exact form. */
export function authenticate(echo: Echo, request: SandboxRequest): Caller {
  const token = AUTHORIZATION.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new ApiError("unauthenticated", "authorization must be: api:Bearer <access token>");
  request.notes.token = fingerprint(token);
  const grant = echo.grants.findByAccessToken(token);
  const persona = grant && findPersona(grant.personaId);
  if (!grant || !persona) throw new ApiError("unauthenticated", "the access token is unknown, expired or revoked");
  request.notes.persona = persona.id;
  return { persona, grantId: grant.id };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const WALLET = /^0x[0-9a-f]{40}$/i;

/** Throws ApiError 400 for a SaleUUID that is not a dashed UUID, 404 for one of another sale. */
export function requireSale(body: JsonObject): void {
  const sale = requireText(body, "SaleUUID");
  if (!UUID.test(sale)) throw invalidField("SaleUUID", "must be a UUID with dashes");
  if (sale.toLowerCase() !== SANDBOX_SALE_UUID) throw new ApiError("not_found", "sale not found");
}

/** A wallet address, which is logged. Throws ApiError 400 for anything but 0x and 40 hex digits. */
export function requireWallet(body: JsonObject, field: string, request: SandboxRequest): string {
  const wallet = requireText(body, field);
  if (!WALLET.test(wallet)) throw invalidField(field, "must be 0x and 40 hex digits");
  request.notes.wallet = wallet;
  return wallet;
}

/** An entity of the caller, which is logged. Another user's entity and an unknown one get the same 404. */
export function requireOwnEntity(persona: Persona, entityId: string, request: SandboxRequest): PersonaEntity {
  request.notes.entity = entityId.slice(0, 64);
  const entity = persona.entities.find(({ details }) => details.EntityID === entityId);
  if (!entity) throw new ApiError("not_found", "entity not found");
  return entity;
}

/** The caller's entity that uses a wallet. Throws ApiError 404 if there is none. */
export function requireWalletsEntity(
  echo: Echo,
  persona: Persona,
  wallet: string,
  request: SandboxRequest,
): PersonaEntity {
  const entityId = echo.purchases.entityOf(persona.id, wallet);
  if (entityId === undefined) throw new ApiError("not_found", "entity not found");
  return requireOwnEntity(persona, entityId, request);
}
