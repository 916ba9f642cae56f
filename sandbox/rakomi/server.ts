import { SANDBOX_RAKOMI } from "../constants";
import { json } from "../http/answer";
import { closeServer, listenOnLoopback } from "../http/loopback-server";
import type { Route } from "../http/router";
import { controlRoutes } from "../standard/control-routes";
import type { Provider } from "../standard/provider";
import { makeProvider } from "../standard/provider-parts";
import type { ProviderOptions } from "../standard/provider-parts";
import type { ProviderSpec } from "../standard/provider-spec";
import { consentRoutes, serve } from "../standard/serve";
import type { RunningProvider } from "../standard/serve";
import { tokenEndpoint } from "../standard/token-endpoint";
import { discoveryDocument, PEOPLE, rakomiErrorBody, revoke, subjectOf, userInfo } from "./api";
import { IdTokenSigner } from "./id-token";

const SPEC: ProviderSpec = {
  id: "rakomi",
  name: "Rakomi",
  ...SANDBOX_RAKOMI,
  authorizePath: "/authorize",
  tokenBodies: ["form"],
  pkce: "required",
  scopes: { openid: "Know that it is you", profile: "See your name", email: "See your email address" },
  partialScopes: false,
  accounts: Object.entries(PEOPLE).map(([id, { name, email }]) => ({ id, name, description: email })),
  errorBody: (status) => rakomiErrorBody(status),
};

/** A Rakomi that answers, on two origins. */
export interface RunningRakomi extends RunningProvider {
  /** The host of its login pages, which is also its issuer. */
  accountsOrigin: string;
}

/** Starts Rakomi: API and login pages on two hosts. Rejects with code EADDRINUSE if one of the ports is taken. */
export async function startRakomi(options: ProviderOptions & { accountsPort: number }): Promise<RunningRakomi> {
  // The API's port last: once it answers, all of Rakomi is there for whoever attaches.
  const accounts = await listenOnLoopback(options.accountsPort);
  const api = await listenOnLoopback(options.port).catch(async (error: unknown) => {
    await closeServer(accounts.server);
    throw error;
  });
  const [origin, accountsOrigin] = [originOf(api), originOf(accounts)];
  const provider = makeProvider(SPEC, options, accountsOrigin);
  const product = apiRoutes(provider, accountsOrigin, origin);
  const pages = consentRoutes(provider, SPEC.authorizePath);
  const stops = [
    serve(api, provider, [...product, ...controlRoutes(provider, [...product, ...pages])]),
    serve(accounts, provider, pages),
  ];
  return { origin, accountsOrigin, close: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}

function originOf({ port }: { port: number }): string {
  return `http://127.0.0.1:${port}`;
}

function apiRoutes(provider: Provider, issuer: string, origin: string): Route[] {
  const signer = new IdTokenSigner();
  const api = (method: Route["method"], path: string, handle: Route["handle"]): Route => {
    return { method, path, area: "api", handle };
  };
  const idToken = ({ accountId, scope }: { accountId: string; scope: string }) =>
    scope.split(" ").includes("openid")
      ? { id_token: signer.sign({ issuer, audience: SPEC.clientId, subject: subjectOf(accountId) }, provider.now()) }
      : {};
  return [
    // The address that the guide names, which an app falls back to that cannot read the document below.
    ...consentRoutes(provider, "/oauth/authorize"),
    api("GET", "/.well-known/openid-configuration", () => discoveryDocument(issuer, origin)),
    api("GET", "/.well-known/jwks.json", () => json(signer.jwks())),
    api("POST", "/oauth/token", (request) => tokenEndpoint(provider, request, idToken)),
    api("POST", "/oauth/revoke", (request) => revoke(provider, request)),
    api("GET", "/oauth/userinfo", (request) => userInfo(provider, request)),
  ];
}
