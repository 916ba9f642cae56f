import {
  addRedirectUris,
  controlBody,
  clearRequests,
  listRequests,
  showRequest,
  expireAccessTokens,
  revokeEverything,
  setTokenLifetime,
} from "../control/controls";
import { clearFaults, faultEndpoints, listFaults, setFault } from "../faults/fault-controls";
import { json, nowSo, type Answer } from "../http/answer";
import { optionalBoolean, optionalText } from "../http/fields";
import type { Route } from "../http/router";
import type { SandboxRequest } from "../http/request";
import { controlPanel } from "../control/control-panel";
import { TOKEN_LIFETIME, type Provider } from "./provider";

/** The controls that no real provider has: they switch faults on and show the request log. */
export function controlRoutes(provider: Provider, others: readonly Route[]): Route[] {
  const endpoints = faultEndpoints(others);
  const control = (method: Route["method"], path: string, handle: (request: SandboxRequest) => Answer): Route => {
    return { method, path: `/sandbox/${path}`, area: "control", handle };
  };
  return [
    { method: "GET", path: "/", area: "panel", handle: () => panel(provider, endpoints) },
    control("GET", "health", () => health(provider)),
    control("GET", "faults", () => listFaults(provider)),
    control("PUT", "faults", (request) => setFault(provider, request, endpoints)),
    control("DELETE", "faults", (request) => clearFaults(provider, request)),
    control("PUT", "token-lifetime", (request) => setTokenLifetime(provider, request)),
    control("POST", "expire-access-tokens", (request) => expireAccessTokens(provider, request)),
    control("POST", "revoke-everything", (request) => revokeEverything(provider, request)),
    control("PUT", "quirks", (request) => setQuirks(provider, request)),
    control("POST", "reset", (request) => reset(provider, request)),
    control("GET", "requests", (request) => listRequests(provider, request)),
    control("GET", "requests/:number", (request) => showRequest(provider, request)),
    control("DELETE", "requests", () => clearRequests(provider)),
    control("PUT", "redirect-uris", (request) => addRedirectUris(provider, request)),
  ];
}

function panel({ spec, grants, client }: Provider, endpoints: readonly string[]): Answer {
  const { redirectUris } = client;
  return controlPanel({ name: spec.name, tokenLifetime: grants.tokenLifetime, redirectUris, endpoints });
}

/** Identifies this sandbox service and its client. */
function health({ spec, client, grants }: Provider): Answer {
  return json({
    sandbox: spec.id,
    clientId: spec.clientId,
    redirectUris: client.redirectUris,
    tokenLifetimeSeconds: grants.tokenLifetime,
    personas: spec.accounts.map(({ id, name }) => ({ id, name })),
  });
}

/** PUT /sandbox/quirks `{ rotates, refreshTokens, expiresIn, iss }`: absent fields stay unchanged. */
function setQuirks(provider: Provider, request: SandboxRequest): Answer {
  const body = controlBody(request, ["rotates", "refreshTokens", "expiresIn", "iss"]);
  const { grants, quirks } = provider;
  const iss = optionalText(body, "iss") ?? quirks.iss;
  grants.rotates = optionalBoolean(body, "rotates") ?? grants.rotates;
  provider.quirks = {
    refreshTokens: optionalBoolean(body, "refreshTokens") ?? quirks.refreshTokens,
    expiresIn: optionalBoolean(body, "expiresIn") ?? quirks.expiresIn,
    ...(iss !== undefined && { iss }),
  };
  return json({ rotates: grants.rotates, ...provider.quirks });
}

/** POST /sandbox/reset: restores the initial state. Users stay connected unless `{ "grants": true }`. */
function reset(provider: Provider, request: SandboxRequest): Answer {
  const withGrants = optionalBoolean(controlBody(request, ["grants"]), "grants") ?? false;
  const { faults, log, grants, defaultQuirks } = provider;
  faults.clear();
  log.clear();
  grants.tokenLifetime = TOKEN_LIFETIME;
  grants.rotates = true;
  provider.quirks = defaultQuirks;
  for (const setBack of provider.onReset) setBack();
  if (withGrants) grants.revokeEverything();
  return nowSo(`Everything is reset${withGrants ? ", and every connection has ended" : "; users stay connected"}.`);
}
