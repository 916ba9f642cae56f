import type { Answer } from "../../http/answer";
import type { Route } from "../../http/router";
import type { SandboxRequest } from "../../http/sandbox-request";
import type { Echo } from "../echo";
import { controlPanel } from "../../pages/control-panel";
import { connectChain } from "./chain-link";
import { recordCommitment } from "./commitments";
import { clearFaults, faultEndpoints, listFaults, setFault } from "../../control/faults";
import { health } from "./health";
import { addRedirectUris } from "../../control/redirect-uris";
import { clearRequests, listRequests } from "../../control/requests";
import { reset } from "./reset";
import { expireAccessTokens, revokeEverything, setTokenLifetime } from "../../control/tokens";

type Control = (echo: Echo, request: SandboxRequest) => Answer;

/**
 * What real Echo does not have: the means to switch faults and to look at what happened. `others` are the routes that
 * faults can be switched for.
 */
export function controlRoutes(echo: Echo, others: readonly Route[]): Route[] {
  const endpoints = faultEndpoints(others);
  const control = (method: Route["method"], path: string, handle: Control): Route => {
    return { method, path: `/sandbox/${path}`, area: "control", handle: (request) => handle(echo, request) };
  };
  return [
    { method: "GET", path: "/", area: "panel", handle: () => controlPanel(echo.grants.tokenLifetime, endpoints) },
    control("GET", "health", health),
    control("GET", "faults", listFaults),
    control("PUT", "faults", (_, request) => setFault(echo, request, endpoints)),
    control("DELETE", "faults", clearFaults),
    control("PUT", "token-lifetime", setTokenLifetime),
    control("POST", "expire-access-tokens", expireAccessTokens),
    control("POST", "revoke-everything", revokeEverything),
    control("POST", "reset", reset),
    control("GET", "requests", listRequests),
    control("DELETE", "requests", clearRequests),
    control("PUT", "redirect-uris", addRedirectUris),
    control("POST", "commitments", recordCommitment),
    control("PUT", "chain/rpc-url", connectChain),
  ];
}
