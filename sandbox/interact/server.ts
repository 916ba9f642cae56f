import { SANDBOX_INTERACT } from "../constants";
import type { ProviderOptions } from "../standard/provider-parts";
import type { ProviderSpec } from "../standard/provider-spec";
import { startProvider } from "../standard/serve";
import type { RunningProvider } from "../standard/serve";
import { interactErrorBody, readUser, USERS, writeData } from "./api";

const SPEC: ProviderSpec = {
  id: "interact",
  name: "Interact",
  ...SANDBOX_INTERACT,
  authorizePath: "/oauth/authorize",
  tokenBodies: ["json", "form"],
  pkce: "none",
  scopes: { read_user: "See your name and email address", write_data: "Store entries in your account" },
  partialScopes: true,
  accounts: Object.entries(USERS).map(([id, { name, email }]) => ({ id, name, description: email })),
  errorBody: (status) => interactErrorBody(status),
};

/** Starts Interact. Its two calls are our own declaration: the guide names none. */
export function startInteract(options: ProviderOptions): Promise<RunningProvider> {
  return startProvider(SPEC, options, (provider) => [
    { method: "GET", path: "/user", area: "api", handle: (request) => readUser(provider, request) },
    { method: "POST", path: "/data", area: "api", handle: (request) => writeData(provider, request) },
  ]);
}
