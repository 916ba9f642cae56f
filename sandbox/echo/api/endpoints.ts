import { json, ApiError, type Answer, type ApiErrorCode } from "../../http/answer";
import { invalidField, requireText, optionalText } from "../../http/fields";
import { jsonBody, type SandboxRequest } from "../../http/request";
import type { Echo } from "../echo";
import type { Issued } from "../../oauth/grant-store";
import { isCodeVerifier, fingerprint } from "../../oauth/secrets";
import { authenticate, requireOwnEntity, requireSale, requireWallet, requireWalletsEntity } from "./caller";
import type { EntityWire, Persona } from "../personas/persona";
import type { Route } from "../../http/router";
import { generatePurchasePermit, limits, prePurchaseCheck } from "./purchase";

/** ExchangeAuthorizationCodeV2 (sonar.md 1.3). Throws ApiError 400 for any invalid code. */
function exchangeAuthorizationCode(echo: Echo, request: SandboxRequest): Answer {
  const body = jsonBody(request);
  const code = requireText(body, "code");
  const verifier = requireText(body, "code_verifier");
  const redirectUri = requireText(body, "redirect_uri");
  if (!isCodeVerifier(verifier)) throw invalidField("code_verifier", "must be 43 to 128 unreserved characters");
  const issued = echo.grants.redeemCode(code, verifier, redirectUri);
  if (issued.ok && echo.nextConsent.takeRevocation()) echo.grants.revokeToken(issued.tokens.access_token);
  return tokenAnswer(request, issued, "invalid_argument");
}

/**
 * RefreshAccessToken (sonar.md 1.4). It ignores an authorization header, because sonar-core sends the expiring token if it has one.
 * Throws ApiError 401 for an invalid refresh token.
 */
function refreshAccessToken(echo: Echo, request: SandboxRequest): Answer {
  const refreshToken = requireText(jsonBody(request), "refresh_token");
  request.notes.token = fingerprint(refreshToken);
  return tokenAnswer(request, echo.grants.refresh(refreshToken), "unauthenticated");
}

function tokenAnswer(request: SandboxRequest, issued: Issued, refusal: ApiErrorCode): Answer {
  if (!issued.ok) throw new ApiError(refusal, issued.reason, { details: { error: "invalid_grant" } });
  request.notes.persona = issued.personaId;
  return json(issued.tokens);
}

/** MyProfile: the signed-in user, with the email address only if its scope was granted. */
function myProfile(echo: Echo, request: SandboxRequest): Answer {
  const { persona } = authenticate(echo, request);
  jsonBody(request);
  return json(persona.profile);
}

/** ReadEntityInvestmentHistory: the user's private-group investments. */
function investmentHistory(echo: Echo, request: SandboxRequest): Answer {
  const { persona } = authenticate(echo, request);
  jsonBody(request);
  return json({ Investments: persona.investments });
}

/** The persona's entity list at the n-th read after connecting (from 0): it may be empty at first, or change its order. */
export function listedEntities(persona: Persona, read: number): EntityWire[] {
  const { emptyReads = 0, orders = [] } = persona.listing ?? {};
  if (read < emptyReads) return [];
  const all = persona.entities.map(({ details }) => details);
  const order = orders[read % orders.length];
  return order === undefined ? all : order.flatMap((index) => all[index] ?? []);
}

/** ListAvailableEntities: the caller's entities, in no fixed order. */
function listAvailableEntities(echo: Echo, request: SandboxRequest): Answer {
  const { persona, grantId } = authenticate(echo, request);
  requireSale(jsonBody(request));
  // Counting writes the grants to the file, so only lists that change are counted.
  const read = persona.listing ? echo.grants.countListRead(grantId) : 0;
  return json({ Entities: listedEntities(persona, read) });
}

/** ReadEntity: one of the caller's entities, by EntityID, by one of its wallets, or by both if they match. */
function readEntity(echo: Echo, request: SandboxRequest): Answer {
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

/** ReadCommitmentData: public, so it needs no token. */
async function readCommitmentData(echo: Echo, request: SandboxRequest): Promise<Answer> {
  requireSale(jsonBody(request));
  return json(echo.commitments.read(await echo.listing.read(), echo.anchor.kind));
}

type Endpoint = (echo: Echo, request: SandboxRequest) => Answer | Promise<Answer>;

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  "/oauth.ExchangeAuthorizationCodeV2": exchangeAuthorizationCode,
  "/oauth.RefreshAccessToken": refreshAccessToken,
  "/externalapi.MyProfile": myProfile,
  "/externalapi.ListAvailableEntities": listAvailableEntities,
  "/externalapi.ReadEntity": readEntity,
  "/externalapi.PrePurchaseCheck": prePurchaseCheck,
  "/externalapi.GenerateSalePurchasePermit": generatePurchasePermit,
  "/externalapi.Limits": limits,
  "/externalapi.ReadEntityInvestmentHistory": investmentHistory,
  "/sonar/v1/public/read-commitment-data": readCommitmentData,
};

/** Every endpoint that sonar-core 0.15.0 calls (sonar.md 2). */
export function apiRoutes(echo: Echo): Route[] {
  return Object.entries(ENDPOINTS).map(([path, endpoint]) => ({
    method: "POST",
    path,
    area: "api",
    handle: (request) => endpoint(echo, request),
  }));
}
