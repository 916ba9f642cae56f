import type { Route } from "../../http/router";
import type { Echo } from "../echo";
import { CHAIN_SECTION } from "../pages/chain-section";
import { controlPanel } from "../../pages/control-panel";
import type { ControlPanel } from "../../pages/control-panel";
import { CHAIN_CONTROLS } from "./chain-routes";
import type { ControlEntry } from "./control-entry";
import { recordCommitment } from "./commitments";
import { clearFaults, faultEndpoints, listFaults, setFault } from "../../control/faults";
import { health } from "./health";
import { addRedirectUris } from "../../control/redirect-uris";
import { clearRequests, listRequests } from "../../control/requests";
import { reset } from "./reset";
import { expireAccessTokens, revokeEverything, setTokenLifetime } from "../../control/tokens";

function panel({ grants, others }: Echo, endpoints: readonly string[]): ControlPanel {
  return { name: "Echo", tokenLifetime: grants.tokenLifetime, endpoints, others, section: CHAIN_SECTION };
}

const ECHO_CONTROLS: readonly ControlEntry[] = [
  ["GET", "health", health],
  ["GET", "faults", listFaults],
  ["DELETE", "faults", clearFaults],
  ["PUT", "token-lifetime", setTokenLifetime],
  ["POST", "expire-access-tokens", expireAccessTokens],
  ["POST", "revoke-everything", revokeEverything],
  ["POST", "reset", reset],
  ["GET", "requests", listRequests],
  ["DELETE", "requests", clearRequests],
  ["PUT", "redirect-uris", addRedirectUris],
  ["POST", "commitments", recordCommitment],
];

/**
 * What real Echo does not have: the means to switch faults, to move the sale and its chain, and to look at what happened.
 * `others` are the routes that faults can be switched for.
 */
export function controlRoutes(echo: Echo, others: readonly Route[]): Route[] {
  const endpoints = faultEndpoints(others);
  const setOneFault: ControlEntry = ["PUT", "faults", (_, request) => setFault(echo, request, endpoints)];
  const controls = [...ECHO_CONTROLS, setOneFault, ...CHAIN_CONTROLS].map(([method, path, handle]): Route => {
    return { method, path: `/sandbox/${path}`, area: "control", handle: (request) => handle(echo, request) };
  });
  const show = () => controlPanel(panel(echo, endpoints));
  return [{ method: "GET", path: "/", area: "panel", handle: show }, ...controls];
}
