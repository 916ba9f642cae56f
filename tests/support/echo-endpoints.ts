/** The paths of Echo's endpoints that tests count requests to. */
export const ECHO = {
  exchange: "/oauth.ExchangeAuthorizationCodeV2",
  refresh: "/oauth.RefreshAccessToken",
  profile: "/externalapi.MyProfile",
  entities: "/externalapi.ListAvailableEntities",
  entity: "/externalapi.ReadEntity",
  check: "/externalapi.PrePurchaseCheck",
  permit: "/externalapi.GenerateSalePurchasePermit",
  commitments: "/sonar/v1/public/read-commitment-data",
} as const;
