import { SANDBOX_ONCEHUB } from "../constants";
import type { ProviderOptions } from "../standard/provider-parts";
import type { ProviderSpec } from "../standard/provider-spec";
import { startProvider } from "../standard/serve";
import type { RunningProvider } from "../standard/serve";
import { listBookings } from "./list-bookings";
import { onceHubErrorBody } from "./oncehub-error";
import { RateLimit } from "./rate-limit";

const SPEC: ProviderSpec = {
  id: "oncehub",
  name: "OnceHub",
  ...SANDBOX_ONCEHUB,
  authorizePath: "/oauth/authorize",
  tokenBodies: ["json", "form"],
  pkce: "none",
  scopes: {},
  partialScopes: false,
  accounts: [
    { id: "ada", name: "Ada Lovelace", description: "23 bookings" },
    { id: "grace", name: "Grace Hopper", description: "No bookings yet" },
  ],
  errorBody: (status) => onceHubErrorBody(status),
};

/** Starts OnceHub: login pages, tokens and the bookings API on one origin. */
export function startOnceHub(options: ProviderOptions): Promise<RunningProvider> {
  return startProvider(SPEC, options, (provider) => {
    const rates = new RateLimit();
    provider.onReset.push(() => rates.clear());
    return [
      { method: "GET", path: "/v2/bookings", area: "api", handle: (request) => listBookings(provider, rates, request) },
    ];
  });
}
