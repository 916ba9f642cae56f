import { json } from "../../http/answer";
import type { Answer } from "../../http/answer";
import { ApiError } from "../../http/api-error";
import { invalidField, optionalText } from "../../http/fields";
import { jsonBody } from "../../http/json-body";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { authenticate } from "./authenticate";
import { listedEntities } from "./listed-entities";
import { requireOwnEntity, requireSale, requireWallet, requireWalletsEntity } from "./request-fields";

/** ListAvailableEntities: the caller's entities, in no order to rely on. */
export function listAvailableEntities(echo: Echo, request: SandboxRequest): Answer {
  const { persona, grantId } = authenticate(echo, request);
  requireSale(jsonBody(request));
  // Counting costs a write of the grants, so only lists that change are counted.
  const read = persona.listing ? echo.grants.countListRead(grantId) : 0;
  return json({ Entities: listedEntities(persona, read) });
}

/** ReadEntity: one of the caller's entities, by EntityID, by a wallet that it uses, or by both if they agree. */
export function readEntity(echo: Echo, request: SandboxRequest): Answer {
  const { persona } = authenticate(echo, request);
  const body = jsonBody(request);
  requireSale(body);
  const entityId = optionalText(body, "EntityID");
  if (body["WalletAddress"] === undefined) {
    if (entityId === undefined) throw invalidField("EntityID", "or WalletAddress is required");
    return json({ Entity: requireOwnEntity(persona, entityId, request).details });
  }
  const wallet = requireWallet(body, "WalletAddress", request);
  const { details } = requireWalletsEntity(echo, persona, wallet, request);
  if (entityId !== undefined && entityId !== details.EntityID) throw new ApiError("not_found", "entity not found");
  return json({ Entity: details });
}
