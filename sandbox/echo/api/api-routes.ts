import type { Answer } from "../../http/answer";
import type { Route } from "../../http/router";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { readCommitmentData } from "./commitment-data";
import { listAvailableEntities, readEntity } from "./entities";
import { investmentHistory, myProfile } from "./profile";
import { generatePurchasePermit, limits, prePurchaseCheck } from "./purchase";
import { exchangeAuthorizationCode, refreshAccessToken } from "./token-endpoints";

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
